package dev.nightjar.storage.repository;

import static org.assertj.core.api.Assertions.assertThat;

import dev.nightjar.storage.StorageErrorCode;
import dev.nightjar.storage.StorageException;
import dev.nightjar.storage.blob.BlobInfo;
import dev.nightjar.storage.blob.BlobStore;
import dev.nightjar.storage.catalog.CatalogServer;
import dev.nightjar.storage.ingest.IngestSession;
import dev.nightjar.storage.ingest.RunLease;
import dev.nightjar.storage.key.Unlock;
import dev.nightjar.storage.point.PointRecord;
import dev.nightjar.storage.rebuild.ProgressListener;
import dev.nightjar.storage.rebuild.RebuildReport;
import dev.nightjar.storage.reclaim.ReclaimLimits;
import dev.nightjar.storage.scrub.ScrubLimits;
import dev.nightjar.storage.scrub.ScrubListener;
import dev.nightjar.storage.scrub.ScrubReport;
import java.time.Duration;
import java.util.Arrays;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import javax.sql.DataSource;

/**
 * A repository with a history, everything that is done with one, and what has to hold whatever goes wrong: each point that was acknowledged restores byte for byte, and
 * there is no other.
 */
final class FaultBench implements AutoCloseable {

    /** What is done. */
    enum Operation {
        FULL,
        INCREMENT,
        DELETE,
        RECLAIM,
        REBUILD,
        SCRUB,
        RESTORE
    }

    static final ReclaimLimits AT_ONCE = new ReclaimLimits(Duration.ZERO, 0.6, 1L << 30);

    private static final int DISK_BYTES = 150_000;
    private static final int MOST_POINTS = 4;

    private final BlobStore blobs;
    private final DataSource database;
    private final Random random;
    private final Repository repository;
    private final DiskModel disk = new DiskModel(DISK_BYTES, Workbench.CHUNK);
    private final Map<UUID, byte[]> acknowledged = new LinkedHashMap<>();
    private UUID doomed = new UUID(0, 0);
    private RunLease lease = Workbench.lease();
    private int found;
    private volatile Set<UUID> seen = Set.of();

    FaultBench(BlobStore blobs, DataSource database, Random random) {
        this.blobs = blobs;
        this.database = database;
        this.random = random;
        repository = Workbench.create(blobs, database);
        scribble();
        capture(null);
    }

    /** Brings the repository to where the operation has something to do. */
    void prepare(Operation operation) {
        while (acknowledged.size() > MOST_POINTS) {
            delete(acknowledged.keySet().iterator().next());
        }
        scribble();
        switch (operation) {
            case FULL, INCREMENT, REBUILD, SCRUB, RESTORE -> {}
            case DELETE -> doomed = capture(newest());
            case RECLAIM -> {
                // Some packs are condemned and due, some are of no use, some are mostly empty.
                delete(capture(null));
                repository.reclaim(AT_ONCE);
                scribble();
                UUID parent = capture(null);
                scribble();
                capture(parent);
                delete(parent);
            }
        }
    }

    /** Does it. */
    void perform(Operation operation) {
        switch (operation) {
            case FULL -> capture(null);
            case INCREMENT -> capture(newest());
            case DELETE -> delete(doomed);
            case RECLAIM -> repository.reclaim(AT_ONCE);
            case REBUILD -> assertNothingLeftOut(repository.rebuild(ProgressListener.NONE));
            case SCRUB -> assertClean(repository.scrub(ScrubLimits.everything(), ScrubListener.NONE));
            case RESTORE -> restoreAfresh();
        }
    }

    /** Does again what has failed. A deletion may have come to its end unheard; then there is no point to delete any more. */
    void repeat(Operation operation) {
        try {
            perform(operation);
        } catch (StorageException e) {
            if (operation != Operation.DELETE || e.code() != StorageErrorCode.POINT_NOT_FOUND) {
                throw e;
            }
            acknowledged.remove(doomed);
        }
    }

    /** Looks, from the side, which points are complete while something is going on. */
    void look() {
        seen = repository.points().stream().map(PointRecord::id).collect(Collectors.toSet());
    }

    /**
     * After a fault that may have hidden what became of a run: ends the run's lease, as is done with runs that are dead, and looks for its point.
     *
     * @param told whether the run could look itself, so that it must have told of its point, and that of every one that {@link #look} has seen
     */
    void settle(boolean told, String what) {
        if (told) {
            assertThat(seen).as("complete points, " + what).isSubsetOf(withDoomed());
        }
        seen = Set.of();
        repository.endRun(lease.runId());
        repository.points().stream()
                .filter(point ->
                        !acknowledged.containsKey(point.id()) && !point.id().equals(doomed))
                .forEach(point -> {
                    assertThat(told)
                            .as("a point that nobody was told of, " + what)
                            .isFalse();
                    assertThat(point.runId()).as(what).isEqualTo(lease.runId());
                    acknowledged.put(point.id(), disk.bytes.clone());
                    found++;
                });
    }

    /** How many points were complete although their run had failed. */
    int found() {
        return found;
    }

    /** Everything that must hold. The point whose deletion failed may be gone or not. */
    void check(String what) {
        assertThat(repository.catalogState()).as(what).isEqualTo(CatalogState.MATCHES);
        assertThat(repository.damagedChunks()).as("taken for damaged, " + what).isZero();
        assertThat(repository.points())
                .as(what)
                .extracting(PointRecord::id)
                .filteredOn(id -> !id.equals(doomed))
                .containsExactlyInAnyOrderElementsOf(acknowledged.keySet().stream()
                        .filter(id -> !id.equals(doomed))
                        .toList());
        acknowledged.forEach((point, bytes) -> {
            if (!point.equals(doomed)) {
                assertRestores(repository, point, bytes, what);
            }
        });
    }

    /** Every point is whole, and there is no other, by another catalog and its own way to the store. */
    void checkIn(Repository other, String what) {
        assertThat(other.points())
                .as(what)
                .extracting(PointRecord::id)
                .containsExactlyInAnyOrderElementsOf(acknowledged.keySet());
        acknowledged.forEach((point, bytes) -> assertRestores(other, point, bytes, what));
    }

    /** Reclaims what can be, and looks whether a catalog made anew has the same points, the same packs and no others. */
    void checkFromScratch() {
        repository.reclaim(AT_ONCE);
        repository.reclaim(AT_ONCE);
        try (Stream<BlobInfo> packs = blobs.list("packs/")) {
            assertThat(packs.count()).isEqualTo(repository.totals().packs());
        }
        restoreAfresh();
        try (Repository elsewhere = Repository.open(blobs, new Unlock.Nothing(), CatalogServer.freshDatabase())) {
            assertNothingLeftOut(elsewhere.rebuild(ProgressListener.NONE));
            assertThat(elsewhere.totals()).isEqualTo(repository.totals());
            acknowledged.forEach((point, bytes) -> assertRestores(elsewhere, point, bytes, "in a new catalog"));
        }
    }

    @Override
    public void close() {
        repository.close();
    }

    private void restoreAfresh() {
        try (Repository fresh = Repository.open(blobs, new Unlock.Nothing(), database)) {
            acknowledged.forEach((point, bytes) -> assertRestores(fresh, point, bytes, "opened anew"));
        }
    }

    private static void assertRestores(Repository repository, UUID point, byte[] bytes, String what) {
        assertThat(Arrays.mismatch(Workbench.restore(repository, point), bytes))
                .as("first wrong byte of " + point + " after " + what)
                .isEqualTo(-1);
    }

    private static void assertClean(ScrubReport report) {
        assertThat(report.isClean()).as(report.toString()).isTrue();
    }

    private static void assertNothingLeftOut(RebuildReport report) {
        assertThat(report.leftOutPacks()).isEmpty();
        assertThat(report.leftOutPoints()).isEmpty();
    }

    private void scribble() {
        disk.scribble(random, 5);
    }

    private UUID capture(UUID parent) {
        if (parent != null) {
            disk.markDifferencesFrom(acknowledged.get(parent));
        }
        lease = Workbench.lease();
        try (IngestSession session = repository.beginIngest(lease)) {
            Workbench.feed(session.disk(Workbench.describe(disk, "vda"), parent), disk, parent != null);
            UUID point = session.commit(Workbench.facts()).points().getFirst().id();
            acknowledged.put(point, disk.bytes.clone());
            return point;
        }
    }

    private Set<UUID> withDoomed() {
        Set<UUID> all = new HashSet<>(acknowledged.keySet());
        all.add(doomed);
        return all;
    }

    private void delete(UUID point) {
        repository.deletePoint(point);
        acknowledged.remove(point);
    }

    private UUID newest() {
        return List.copyOf(acknowledged.keySet()).getLast();
    }
}
