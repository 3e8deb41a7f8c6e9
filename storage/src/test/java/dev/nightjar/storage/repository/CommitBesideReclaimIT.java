package dev.nightjar.storage.repository;

import static org.assertj.core.api.Assertions.assertThat;

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
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * At each place of a reclaim a run commits that leaned on what is being condemned, moved or deleted, and the other way around: the mark knows nothing of the run, and the run nothing of
 * what has become of its packs.
 */
@Timeout(600)
class CommitBesideReclaimIT {

    private static final int SHARED_CHUNKS = 3;
    private static final int LOOKED_UP_CHUNKS = 32;
    private static final int CHUNKS = LOOKED_UP_CHUNKS + 1;

    private final MemoryBlobStore blobs = new MemoryBlobStore();
    private final DataSource database = CatalogServer.freshDatabase();
    private final Random random = new Random(23);
    private final Repository quiet = Workbench.create(blobs, database);
    private final RepositoryIdentity identity = RepositoryIdentity.open(blobs, new Unlock.Nothing());
    private final Catalog catalog =
            new Catalog(CatalogDatabase.open(database), identity.config().repositoryId());
    private final FreshReader fresh = new FreshReader(blobs, new CatalogLocator(catalog), identity);
    private final NeededPacks needed = new NeededPacks(catalog, fresh);
    private final AtomicInteger placesUntil = new AtomicInteger();
    private volatile Consumer<String> watch = _ -> {};
    private volatile Runnable meanwhile = () -> {};
    private final Repository stepped = open();

    /** What has become, by the time of the reclaim, of the pack that the run leans on. */
    enum Leaned {
        /** No point needs it any more, and it is about to be condemned. */
        UNUSED,
        /** A point needs a little of it, which is about to be moved to another pack. */
        SPARSE,
        /** It was condemned after a part of it was moved, and so was the pack that took that part; the run knows nothing of this one, which is about to be deleted. */
        CONDEMNED
    }

    @AfterEach
    void close() {
        stepped.close();
        quiet.close();
    }

    /** A process in which something else happens behind one of its transactions or of its writes to the store, where it holds no locks. */
    private Repository open() {
        Consumer<String> border = at -> {
            watch.accept(at);
            if (at.startsWith("after") && !SteppedDatabase.withinTransaction() && placesUntil.decrementAndGet() == 0) {
                meanwhile.run();
            }
        };
        return Repository.open(
                new SteppedStore(blobs, border), new Unlock.Nothing(), SteppedDatabase.of(database, border, random));
    }

    @ParameterizedTest
    @EnumSource(Leaned.class)
    void whereverARunCommitsInBetweenItsPointStaysWholeAndNothingItNeedsIsCondemned(Leaned leaned) {
        int place = 0;
        do {
            place++;
            commitAt(place, leaned);
        } while (placesUntil.get() <= 0);
        assertThat(place).isGreaterThan(10);
    }

    private void commitAt(int place, Leaned leaned) {
        String what = leaned + ", commit at place " + place;
        DiskModel disk = disk();
        UUID whole = Workbench.capture(quiet, disk, null).id();
        UUID little = Workbench.capture(quiet, beginning(disk), null).id();
        try (IngestSession run = quiet.beginIngest(Workbench.lease())) {
            DiskIngest ingest = run.disk(Workbench.describe(disk, "vda"), null);
            Workbench.feed(ingest, disk, false);
            awaitLookedUp(ingest);
            quiet.deletePoint(whole);
            bringTo(leaned, little);
            Set<Integer> condemnedBefore = needed.condemned();
            int newestBefore = needed.newest();

            PointRecord point = reclaimWhile(place, run);

            Set<Integer> lost = needed.of(List.of(point));
            lost.retainAll(needed.condemned());
            // Those live on with the next reclaim: the run could not know of them.
            lost.removeAll(condemnedBefore);
            lost.removeIf(pack -> pack > newestBefore);
            assertThat(lost).as("condemned although needed, " + what).isEmpty();
            assertThat(Workbench.restore(fresh.of(point))).as(what).isEqualTo(disk.bytes);
        }
        quiet.points().forEach(point -> quiet.deletePoint(point.id()));
    }

    private void bringTo(Leaned leaned, UUID little) {
        switch (leaned) {
            case UNUSED -> quiet.deletePoint(little);
            case SPARSE -> {}
            case CONDEMNED -> {
                assertThat(quiet.reclaim(InterleavingBench.AT_ONCE).rewrittenPacks())
                        .isPositive();
                quiet.deletePoint(little);
                assertThat(quiet.reclaim(InterleavingBench.AT_ONCE).condemnedPacks())
                        .isPositive();
            }
        }
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void whereverAReclaimComesInBetweenTheStepsOfACommitNothingThatThePointNeedsIsCondemned(boolean others) {
        int place = 0;
        do {
            place++;
            reclaimAt(place, others);
        } while (placesUntil.get() <= 0);
        assertThat(place).isGreaterThan(10);
    }

    /**
     * A run that leans on what no point needs any more.
     *
     * @param others whether another run, which is given up then, stores the content meanwhile
     */
    private void reclaimAt(int place, boolean others) {
        String what = "reclaim at place " + place;
        DiskModel disk = disk();
        DiskModel more = disk();
        UUID whole = Workbench.capture(quiet, disk, null).id();
        AtomicBoolean storedByOther = new AtomicBoolean(!others);
        watch = at -> {
            if (at.startsWith("before commit of packs/") && storedByOther.compareAndSet(false, true)) {
                store(more);
            }
        };
        meanwhile = () -> quiet.reclaim(InterleavingBench.AT_ONCE);
        try (IngestSession run = stepped.beginIngest(Workbench.lease())) {
            DiskIngest known = run.disk(Workbench.describe(disk, "vda"), null);
            Workbench.feed(known, disk, false);
            awaitLookedUp(known);
            DiskIngest unknown = run.disk(Workbench.describe(more, "vdb"), null);
            Workbench.feed(unknown, more, false);
            awaitLookedUp(unknown);
            quiet.deletePoint(whole);
            placesUntil.set(place);
            List<PointRecord> points = run.commit(Workbench.facts()).points();
            Set<Integer> lost = needed.of(points);
            lost.retainAll(needed.condemned());
            assertThat(lost).as("condemned although needed, " + what).isEmpty();
            assertThat(Workbench.restore(fresh.of(points.getFirst()))).as(what).isEqualTo(disk.bytes);
            assertThat(Workbench.restore(fresh.of(points.getLast()))).as(what).isEqualTo(more.bytes);
        }
        quiet.points().forEach(point -> quiet.deletePoint(point.id()));
    }

    /** A run that is given up: its chunks are known, and no point needs them. */
    private void store(DiskModel disk) {
        try (IngestSession run = quiet.beginIngest(Workbench.lease())) {
            DiskModel other = beginning(disk);
            Workbench.feed(run.disk(Workbench.describe(other, "vda"), null), other, false);
            run.store();
        }
    }

    /** A reclaim with a commit at a place of it; or behind it, if it has no such place. */
    private PointRecord reclaimWhile(int place, IngestSession run) {
        AtomicReference<@Nullable PointRecord> committed = new AtomicReference<>();
        meanwhile = () -> committed.set(run.commit(Workbench.facts()).points().getFirst());
        placesUntil.set(place);
        stepped.reclaim(InterleavingBench.AT_ONCE);
        PointRecord point = committed.get();
        return point == null ? run.commit(Workbench.facts()).points().getFirst() : point;
    }

    /** Noise; a chunk of zeros ends the frame that the beginning lies in, so that it can be moved without the rest. */
    private DiskModel disk() {
        DiskModel disk = new DiskModel(CHUNKS * Workbench.CHUNK, Workbench.CHUNK);
        byte[] noise = new byte[disk.bytes.length];
        random.nextBytes(noise);
        disk.write(0, noise);
        disk.zero(SHARED_CHUNKS * Workbench.CHUNK, Workbench.CHUNK);
        return disk;
    }

    private static DiskModel beginning(DiskModel disk) {
        DiskModel little = new DiskModel(SHARED_CHUNKS * Workbench.CHUNK, Workbench.CHUNK);
        little.write(0, disk.bytes);
        return little;
    }

    /** The last chunk is looked up when the run commits. */
    private static void awaitLookedUp(DiskIngest ingest) {
        long bytes = (LOOKED_UP_CHUNKS - 1L) * Workbench.CHUNK;
        long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(30);
        while (ingest.progress().deduplicatedBytes() + ingest.progress().newBytes() < bytes) {
            assertThat(System.nanoTime()).isLessThan(end);
            Thread.onSpinWait();
        }
    }
}
