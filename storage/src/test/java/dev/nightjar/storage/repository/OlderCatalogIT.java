package dev.nightjar.storage.repository;

import static org.assertj.core.api.Assertions.assertThat;

import dev.nightjar.storage.StorageErrorCode;
import dev.nightjar.storage.StorageException;
import dev.nightjar.storage.blob.BlobInfo;
import dev.nightjar.storage.blob.MemoryBlobStore;
import dev.nightjar.storage.catalog.CatalogServer;
import dev.nightjar.storage.ingest.IngestSession;
import dev.nightjar.storage.key.Unlock;
import dev.nightjar.storage.point.PointName;
import dev.nightjar.storage.point.PointRecord;
import dev.nightjar.storage.rebuild.ProgressListener;
import dev.nightjar.storage.scrub.ScrubLimits;
import dev.nightjar.storage.scrub.ScrubListener;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.time.Instant;
import java.util.Random;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import javax.sql.DataSource;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** A catalog that knows the repository as it was, as one from a dump does, and what the repository's own has done since. */
@Timeout(120)
class OlderCatalogIT {

    private final MemoryBlobStore blobs = new MemoryBlobStore();
    private final DataSource database = CatalogServer.freshDatabase();
    private final DataSource otherDatabase = CatalogServer.freshDatabase();
    private final DiskModel disk = disk(1);
    private final Repository repository = Workbench.create(blobs, database);
    private Repository older = Repository.open(blobs, new Unlock.Nothing(), otherDatabase);

    @AfterEach
    void close() {
        older.close();
        repository.close();
    }

    @Test
    void itIsTurnedAwayOnceDamageWasMended() {
        Workbench.capture(repository, disk, null);
        older.rebuild(ProgressListener.NONE);
        String pack = largestPack();
        byte[] damaged = blobs.get(pack).clone();
        damaged[damaged.length - 30] ^= 1;
        blobs.corrupt(pack, damaged);

        repository.scrub(ScrubLimits.everything(), ScrubListener.NONE);

        assertThat(repository.catalogState()).isEqualTo(CatalogState.MATCHES);
        assertThat(older.catalogState()).isEqualTo(CatalogState.NEEDS_REBUILD);
    }

    @Test
    void itIsTurnedAwayOnceWhatWasCondemnedBeforeIsDeleted() {
        PointRecord point = Workbench.capture(repository, disk, null);
        repository.deletePoint(point.id());
        assertThat(repository.reclaim(FaultBench.AT_ONCE).condemnedPacks()).isPositive();
        older.rebuild(ProgressListener.NONE);
        assertThat(older.catalogState()).isEqualTo(CatalogState.MATCHES);

        assertThat(repository.reclaim(FaultBench.AT_ONCE).deletedPacks()).isPositive();

        assertThat(repository.catalogState()).isEqualTo(CatalogState.MATCHES);
        assertThat(older.catalogState()).isEqualTo(CatalogState.NEEDS_REBUILD);
    }

    @Test
    void itIsTurnedAwayAlsoIfThereWasNoRoomToCountBeforeSomethingWasDeleted() {
        PointRecord point = Workbench.capture(repository, disk, null);
        repository.deletePoint(point.id());
        assertThat(repository.reclaim(FaultBench.AT_ONCE).condemnedPacks()).isPositive();
        older.rebuild(ProgressListener.NONE);
        AtomicInteger counts = new AtomicInteger();
        SteppedStore full = new SteppedStore(blobs, at -> {
            if (at.startsWith("before put of reclaim/") && counts.incrementAndGet() <= 2) {
                throw new StorageException(StorageErrorCode.REPOSITORY_FULL, at, "It is a test.");
            }
        });
        try (Repository crowded = Repository.open(full, new Unlock.Nothing(), database)) {
            assertThat(crowded.reclaim(FaultBench.AT_ONCE).deletedPacks()).isPositive();
        }
        assertThat(repository.catalogState()).isEqualTo(CatalogState.MATCHES);
        assertThat(older.catalogState()).isEqualTo(CatalogState.NEEDS_REBUILD);
    }

    @Test
    void itsRebuildDeletesNoPointThatItTakesForOneThatIsBeingDeleted() throws SQLException {
        PointRecord point = Workbench.capture(repository, disk, null);
        PointRecord other = Workbench.capture(repository, disk(2), null);
        older.rebuild(ProgressListener.NONE);
        execute("UPDATE catalog.point SET state = 'DELETING' WHERE id = '" + point.id() + "'");
        repository.deletePoint(other.id());

        older.rebuild(ProgressListener.NONE);

        assertThat(older.points()).containsExactly(point);
        assertThat(Workbench.restore(older, point.id())).isEqualTo(disk.bytes);
    }

    @Test
    void itIsTurnedAwayOnceAPackIsDeletedThatItAloneKnows() {
        older.rebuild(ProgressListener.NONE);
        try (IngestSession run = older.beginIngest(Workbench.lease())) {
            Workbench.feed(run.disk(Workbench.describe(disk, "vda"), null), disk, false);
            run.store();
        }
        assertThat(repository.reclaim(FaultBench.AT_ONCE).deletedOrphans()).isPositive();

        assertThat(repository.catalogState()).isEqualTo(CatalogState.MATCHES);
        assertThat(older.catalogState()).isEqualTo(CatalogState.NEEDS_REBUILD);
    }

    @Test
    void itRemovesNoPointThatItTakesForAbandonedWhenItIsOpened() throws SQLException {
        PointRecord point = Workbench.capture(repository, disk, null);
        older.rebuild(ProgressListener.NONE);
        takeForAbandoned();
        Workbench.capture(repository, disk(2), null);

        reopen();

        assertThat(blobs.exists(PointName.of(point.id()))).isTrue();
        assertThat(older.catalogState()).isEqualTo(CatalogState.NEEDS_REBUILD);
        older.rebuild(ProgressListener.NONE);
        assertThat(Workbench.restore(older, point.id())).isEqualTo(disk.bytes);
    }

    @Test
    void itRemovesNoLockedPointAlthoughItTakesItForAbandonedAndNothingElseHasHappened() throws SQLException {
        PointRecord point = Workbench.capture(repository, disk, null);
        older.rebuild(ProgressListener.NONE);
        takeForAbandoned();
        repository.lock(point.id(), Instant.now().plus(Duration.ofDays(1)));

        reopen();

        assertThat(blobs.exists(PointName.of(point.id()))).isTrue();
        older.rebuild(ProgressListener.NONE);
        assertThat(Workbench.restore(older, point.id())).isEqualTo(disk.bytes);
    }

    /** As it is if the dump was taken between a run's records and its commit. */
    private void takeForAbandoned() throws SQLException {
        execute("UPDATE catalog.point SET state = 'PENDING'");
    }

    private void execute(String sql) throws SQLException {
        try (Connection connection = otherDatabase.getConnection();
                Statement statement = connection.createStatement()) {
            assertThat(statement.executeUpdate(sql)).isEqualTo(1);
        }
    }

    private void reopen() {
        older.close();
        older = Repository.open(blobs, new Unlock.Nothing(), otherDatabase);
    }

    private String largestPack() {
        try (Stream<BlobInfo> packs = blobs.list("packs/")) {
            return packs.map(BlobInfo::name)
                    .max((one, other) -> Integer.compare(blobs.get(one).length, blobs.get(other).length))
                    .orElseThrow();
        }
    }

    private static DiskModel disk(int seed) {
        DiskModel disk = new DiskModel(100 * Workbench.CHUNK, Workbench.CHUNK);
        byte[] noise = new byte[disk.bytes.length];
        new Random(seed).nextBytes(noise);
        disk.write(0, noise);
        return disk;
    }
}
