package dev.nightjar.storage.repository;

import static org.assertj.core.api.Assertions.assertThat;

import dev.nightjar.storage.StorageErrorCode;
import dev.nightjar.storage.StorageException;
import dev.nightjar.storage.blob.BlobInfo;
import dev.nightjar.storage.blob.MemoryBlobStore;
import dev.nightjar.storage.catalog.Catalog;
import dev.nightjar.storage.catalog.CatalogDatabase;
import dev.nightjar.storage.catalog.CatalogServer;
import dev.nightjar.storage.content.CatalogLocator;
import dev.nightjar.storage.ingest.DiskIngest;
import dev.nightjar.storage.ingest.IngestSession;
import dev.nightjar.storage.key.RepositoryIdentity;
import dev.nightjar.storage.key.Unlock;
import dev.nightjar.storage.point.PointRecord;
import dev.nightjar.storage.rebuild.ProgressListener;
import dev.nightjar.storage.reclaim.ReclaimLimits;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;
import java.util.stream.Stream;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;

/**
 * One repository with several processes that have it open, and the disks as they should be. The disks are small and have much content in common, so that everything
 * leans on everything.
 */
final class InterleavingBench implements AutoCloseable {

    static final ReclaimLimits AT_ONCE = new ReclaimLimits(Duration.ZERO, 0.7, 1L << 30);

    private static final int DISK_BYTES = 300_000;
    private static final int MOST_POINTS = 5;

    // How many steps each takes, about.
    private static final int BACKUP_STEPS = 45;
    private static final int DELETE_STEPS = 8;
    private static final int RECLAIM_STEPS = 170;
    private static final int READ_STEPS = 8;

    /** In one interleaving of so many the catalog is lost, as far as somebody else can tell. */
    private static final int LOOKED_AT = 6;

    private static final Set<StorageErrorCode> BACKUP_MAY =
            Set.of(StorageErrorCode.POINT_NOT_FOUND, StorageErrorCode.PACK_NOT_LIVE);

    private final MemoryBlobStore blobs = new MemoryBlobStore();
    private final DataSource database = CatalogServer.freshDatabase();
    private final DataSource spare = CatalogServer.freshDatabase();
    private final Random random;
    private final Repository quiet;
    private final FreshReader fresh;
    private final NeededPacks needed;
    private final Map<String, Repository> processes = new ConcurrentHashMap<>();
    private final Map<UUID, byte[]> points = new ConcurrentHashMap<>();
    private final Map<StorageErrorCode, Integer> refused = new ConcurrentHashMap<>();
    private volatile @Nullable Interleaver current;
    private Set<Integer> condemnedBefore = Set.of();
    private int newestBefore;

    InterleavingBench(Random random) {
        this.random = random;
        quiet = Workbench.create(blobs, database);
        RepositoryIdentity identity = RepositoryIdentity.open(blobs, new Unlock.Nothing());
        Catalog catalog =
                new Catalog(CatalogDatabase.open(database), identity.config().repositoryId());
        fresh = new FreshReader(blobs, new CatalogLocator(catalog), identity);
        needed = new NeededPacks(catalog, fresh);
    }

    /** How often something was refused, which is right only if it stands to reason. */
    Map<StorageErrorCode, Integer> refused() {
        return refused;
    }

    /** Brings the repository to where there is something to delete, to reclaim and to build on. */
    void prepare() {
        while (points.size() > MOST_POINTS) {
            delete(quiet, any());
        }
        while (points.size() < 2) {
            backup(quiet, null, disk(null), false);
        }
    }

    /** Several actors, drawn at random, step by step. */
    Interleaver interleave() throws Exception {
        condemnedBefore = needed.condemned();
        newestBefore = needed.newest();
        UUID parent = any();
        UUID doomed = random.nextInt(3) == 0 ? any() : parent;
        boolean looks = random.nextInt(LOOKED_AT) == 0;
        Interleaver interleaver = new Interleaver(random, () -> {
            if (looks) {
                checkWithoutCatalog(doomed);
            }
        });
        current = interleaver;
        backupActor(interleaver, "increment", parent, parent);
        actor(interleaver, "deleter", 250, DELETE_STEPS, repository -> delete(repository, doomed));
        actor(interleaver, "reclaimer", 100, RECLAIM_STEPS, InterleavingBench::reclaim);
        if (random.nextBoolean()) {
            actor(interleaver, "second reclaimer", 200, RECLAIM_STEPS, InterleavingBench::reclaim);
        }
        if (random.nextInt(4) > 0) {
            // Leans on everything that is being deleted, and nothing protects that for it.
            backupActor(interleaver, "full", null, doomed);
        }
        if (random.nextInt(3) == 0) {
            UUID read = any();
            actor(interleaver, "reader", 200, READ_STEPS, repository -> read(repository, read));
        }
        interleaver.run();
        current = null;
        return interleaver;
    }

    /**
     * What points need lies in packs that are LIVE: whoever commits sees to that, and whoever condemns. But for one that was condemned before, and one that came into being meanwhile
     * by rewriting: a run that leaned on the packs it was made of does not know of it. Both live on with the next reclaim.
     */
    private void checkLive(String what) {
        Set<Integer> used = needed.of(quiet.points());
        used.retainAll(needed.condemned());
        used.removeAll(condemnedBefore);
        used.removeIf(pack -> pack > newestBefore);
        assertThat(used).as("condemned packs that points need, " + what).isEmpty();
    }

    /** Every point of the model is whole, read by somebody who has seen nothing before, and there is no other. */
    void check(String what) {
        checkLive(what);
        assertThat(quiet.points())
                .as(what)
                .extracting(PointRecord::id)
                .containsExactlyInAnyOrderElementsOf(points.keySet());
        points.forEach((id, content) -> assertThat(
                        Arrays.mismatch(Workbench.restore(fresh.of(quiet.point(id))), content))
                .as("first wrong byte of " + id + ", " + what)
                .isEqualTo(-1));
    }

    /**
     * Were the catalog lost in the midst of it all, what is stored would be enough: each record of a point is whole.
     *
     * @param going may be there or not
     */
    private void checkWithoutCatalog(UUID going) {
        Map<UUID, byte[]> expected = new HashMap<>(points);
        expected.remove(going);
        try (Repository elsewhere = Repository.open(blobs.copy(), new Unlock.Nothing(), spare)) {
            assertThat(elsewhere.rebuild(ProgressListener.NONE).leftOutPoints())
                    .as("records that are not whole")
                    .isEmpty();
            expected.forEach((id, content) -> assertThat(Arrays.mismatch(Workbench.restore(elsewhere, id), content))
                    .as("first wrong byte of " + id + " in a new catalog")
                    .isEqualTo(-1));
        }
    }

    /** Once nobody is at work, everything that is of no use goes, and a new catalog says the same. */
    void checkFromScratch(String what) {
        for (int i = 0; i < 3; i++) {
            quiet.reclaim(AT_ONCE);
        }
        check(what);
        assertThat(quiet.catalogState()).isEqualTo(CatalogState.MATCHES);
        try (Stream<BlobInfo> packs = blobs.list("packs/")) {
            assertThat(packs.count()).as(what).isEqualTo(quiet.totals().packs());
        }
        try (Repository elsewhere = Repository.open(blobs, new Unlock.Nothing(), CatalogServer.freshDatabase())) {
            assertThat(elsewhere.rebuild(ProgressListener.NONE).leftOutPoints())
                    .as(what)
                    .isEmpty();
            assertThat(elsewhere.totals().points()).as(what).isEqualTo(points.size());
            points.forEach((id, content) -> assertThat(Arrays.mismatch(Workbench.restore(elsewhere, id), content))
                    .as(what)
                    .isEqualTo(-1));
        }
    }

    @Override
    public void close() {
        processes.values().forEach(Repository::close);
        quiet.close();
    }

    private void backupActor(Interleaver interleaver, String name, @Nullable UUID parent, UUID like) {
        DiskModel disk = disk(like);
        boolean gaveUp = random.nextInt(6) == 0;
        actor(interleaver, name, 20, BACKUP_STEPS, repository -> backup(repository, parent, disk, gaveUp));
    }

    /** Each begins after a while of its own, so that none is always over before another has begun. */
    private void actor(Interleaver interleaver, String name, int mostIdle, int about, Consumer<Repository> act) {
        Repository process = processes.computeIfAbsent(name, this::open);
        interleaver.start(name, random.nextInt(mostIdle), about, () -> act.accept(process));
    }

    private Repository open(String name) {
        Consumer<String> borders = border -> {
            Interleaver now = current;
            if (now != null) {
                now.border(name, border);
            }
        };
        Consumer<String> outside = border -> {
            if (!SteppedDatabase.withinTransaction()) {
                borders.accept(border);
            }
        };
        Interleaver now = current;
        current = null;
        try {
            return Repository.open(
                    new SteppedStore(blobs, outside),
                    new Unlock.Nothing(),
                    SteppedDatabase.of(database, borders, random));
        } finally {
            current = now;
        }
    }

    private static void reclaim(Repository repository) {
        for (int i = 0; i < 2; i++) {
            repository.reclaim(AT_ONCE);
        }
    }

    private void backup(Repository repository, @Nullable UUID parent, DiskModel disk, boolean gaveUp) {
        try (IngestSession session = repository.beginIngest(Workbench.lease())) {
            DiskIngest ingest = session.disk(Workbench.describe(disk, "vda"), parent);
            Workbench.feed(ingest, disk, parent != null);
            if (!gaveUp) {
                PointRecord point = session.commit(Workbench.facts()).points().getFirst();
                points.put(point.id(), disk.bytes);
            }
        } catch (StorageException e) {
            // Only the very pack that is being deleted may be in the way; what a run built on before is not taken from
            // it.
            boolean rewritten = String.valueOf(e.getMessage()).contains("written again");
            refuse(e, rewritten ? BACKUP_MAY : Set.of(StorageErrorCode.POINT_NOT_FOUND));
        }
    }

    private void delete(Repository repository, UUID point) {
        try {
            repository.deletePoint(point);
            points.remove(point);
        } catch (StorageException e) {
            refuse(e, Set.of(StorageErrorCode.POINT_NOT_FOUND));
        }
    }

    private void read(Repository repository, UUID point) {
        byte[] content = points.get(point);
        UUID holder = UUID.randomUUID();
        try {
            PointRecord found = repository.protect(holder, point);
            try {
                assertThat(Arrays.mismatch(Workbench.restore(fresh.of(found)), content))
                        .isEqualTo(-1);
            } finally {
                repository.unprotect(holder);
            }
        } catch (StorageException e) {
            refuse(e, Set.of(StorageErrorCode.POINT_NOT_FOUND));
        }
    }

    private void refuse(StorageException e, Set<StorageErrorCode> allowed) {
        if (!allowed.contains(e.code())) {
            throw e;
        }
        refused.merge(e.code(), 1, Integer::sum);
    }

    private DiskModel disk(@Nullable UUID parent) {
        DiskModel disk = new DiskModel(DISK_BYTES, Workbench.CHUNK);
        if (parent != null) {
            System.arraycopy(points.get(parent), 0, disk.bytes, 0, DISK_BYTES);
        }
        disk.scribble(random, parent == null ? 20 : 6);
        return disk;
    }

    private UUID any() {
        List<UUID> ids = new ArrayList<>(points.keySet());
        ids.sort(null);
        return ids.get(random.nextInt(ids.size()));
    }
}
