package dev.nightjar.storage.repository;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.nightjar.storage.StorageErrorCode;
import dev.nightjar.storage.StorageException;
import dev.nightjar.storage.blob.BlobInfo;
import dev.nightjar.storage.blob.BlobStore;
import dev.nightjar.storage.blob.DirectoryBlobStore;
import dev.nightjar.storage.catalog.CatalogServer;
import dev.nightjar.storage.ingest.IngestSession;
import dev.nightjar.storage.key.Unlock;
import dev.nightjar.storage.point.PointRecord;
import dev.nightjar.storage.rebuild.ProgressListener;
import dev.nightjar.storage.reclaim.ReclaimLimits;
import dev.nightjar.storage.reclaim.ReclaimReport;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.UUID;
import java.util.stream.Stream;
import javax.sql.DataSource;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ReclaimIT {

    private static final ReclaimLimits AT_ONCE = new ReclaimLimits(Duration.ZERO, 0.5, 1L << 30);
    private static final ReclaimLimits LATER = new ReclaimLimits(Duration.ofHours(1), 0.5, 1L << 30);

    @TempDir
    Path directory;

    private final DataSource database = CatalogServer.freshDatabase();
    private BlobStore blobs;
    private Repository repository;
    private final DiskModel disk = new DiskModel(2_000_000, Workbench.CHUNK);

    @BeforeEach
    void create() {
        blobs = DirectoryBlobStore.create(directory);
        repository = Workbench.create(blobs, database);
        disk.scribble(new Random(1), 100);
    }

    @AfterEach
    void close() {
        repository.close();
    }

    @Test
    void whatNoPointNeedsIsDeletedAndEverythingElseStays() {
        PointRecord first = Workbench.capture(repository, disk, null);
        disk.scribble(new Random(2), 40);
        PointRecord second = Workbench.capture(repository, disk, first.id());
        long before = storedBytes();
        repository.deletePoint(first.id());

        repository.reclaim(AT_ONCE);
        ReclaimReport report = repository.reclaim(AT_ONCE);

        assertThat(report.deletedPacks()).isPositive();
        assertThat(storedBytes()).isLessThan(before);
        assertThat(Workbench.restore(repository, second.id())).isEqualTo(disk.bytes);
        rebuilt(second);
    }

    @Test
    void deletedPacksLieInTheTrashUntilTheNextReclaimAndTheSpaceIsBackThen() {
        PointRecord point = Workbench.capture(repository, disk, null);
        long stored = storedBytes();
        repository.deletePoint(point.id());
        repository.reclaim(AT_ONCE);
        ReclaimReport moved = repository.reclaim(AT_ONCE);
        assertThat(moved.deletedBytes()).isEqualTo(stored);
        assertThat(moved.freedBytes()).isZero();
        assertThat(moved.trash()).isEqualTo(moved.deletedPacks());
        ReclaimReport emptied = repository.reclaim(AT_ONCE);
        assertThat(emptied.freedBytes()).isEqualTo(stored);
        assertThat(emptied.trash()).isZero();
    }

    @Test
    void theTrashIsKeptForAsLongAsTheLimitsSay() {
        PointRecord point = Workbench.capture(repository, disk, null);
        repository.deletePoint(point.id());
        repository.reclaim(AT_ONCE);
        long trash = repository.reclaim(AT_ONCE).trash();
        ReclaimLimits keep = new ReclaimLimits(Duration.ZERO, 0.5, 1L << 30, Duration.ofHours(1));
        assertThat(repository.reclaim(keep).trash()).isEqualTo(trash).isPositive();
        assertThat(repository.reclaim(AT_ONCE).trash()).isZero();
    }

    @Test
    void anEmptiedRepositoryHasNoPacksLeft() {
        PointRecord point = Workbench.capture(repository, disk, null);
        repository.deletePoint(point.id());
        repository.reclaim(AT_ONCE);
        repository.reclaim(AT_ONCE);
        assertThat(packs()).isEmpty();
        assertThat(repository.totals().chunks()).isZero();
        PointRecord again = Workbench.capture(repository, disk, null);
        assertThat(Workbench.restore(repository, again.id())).isEqualTo(disk.bytes);
    }

    @Test
    void aPackIsDeletedOnlyAfterTheGracePeriod() {
        PointRecord point = Workbench.capture(repository, disk, null);
        List<String> stored = packs();
        repository.deletePoint(point.id());
        assertThat(repository.reclaim(LATER).condemnedPacks()).isEqualTo(stored.size());
        assertThat(repository.reclaim(LATER).deletedPacks()).isZero();
        assertThat(packs()).isEqualTo(stored);
        assertThat(repository.reclaim(AT_ONCE).deletedPacks()).isEqualTo(stored.size());
    }

    @Test
    void theParentOfARunningIncrementMayBeDeletedAndReclaimed() {
        PointRecord parent = Workbench.capture(repository, disk, null);
        disk.scribble(new Random(3), 5);
        try (IngestSession session = repository.beginIngest(Workbench.lease())) {
            var ingest = session.disk(Workbench.describe(disk, "vda"), parent.id());
            repository.deletePoint(parent.id());
            repository.reclaim(AT_ONCE);
            repository.reclaim(AT_ONCE);
            Workbench.feed(ingest, disk, true);
            PointRecord increment = session.commit(Workbench.facts()).points().getFirst();
            repository.reclaim(AT_ONCE);
            repository.reclaim(AT_ONCE);
            assertThat(Workbench.restore(repository, increment.id())).isEqualTo(disk.bytes);
        }
    }

    @Test
    void whatARunLeanedOnBeforeItWasCondemnedIsRevivedByItsCommit() {
        PointRecord first = Workbench.capture(repository, disk, null);
        try (IngestSession session = repository.beginIngest(Workbench.lease())) {
            var ingest = session.disk(Workbench.describe(disk, "vda"), null);
            Workbench.feed(ingest, disk, false);
            repository.deletePoint(first.id());
            assertThat(repository.reclaim(AT_ONCE).condemnedPacks()).isPositive();
            assertThat(repository.reclaim(AT_ONCE).deletedPacks())
                    .as("a run that began before reads")
                    .isZero();
            PointRecord second = session.commit(Workbench.facts()).points().getFirst();
            repository.reclaim(AT_ONCE);
            repository.reclaim(AT_ONCE);
            assertThat(Workbench.restore(repository, second.id())).isEqualTo(disk.bytes);
        }
    }

    @Test
    void packsOfARunInProgressAreNotTakenForUnused() {
        try (IngestSession session = repository.beginIngest(Workbench.lease())) {
            Workbench.feed(session.disk(Workbench.describe(disk, "vda"), null), disk, false);
            while (packs().isEmpty()) {
                Thread.onSpinWait();
            }
            assertThat(repository.reclaim(AT_ONCE).condemnedPacks()).isZero();
            repository.reclaim(AT_ONCE);
            assertThat(packs()).isNotEmpty();
            PointRecord point = session.commit(Workbench.facts()).points().getFirst();
            assertThat(Workbench.restore(repository, point.id())).isEqualTo(disk.bytes);
        }
    }

    @Test
    void whatAnAbortedRunStoredIsFreed() {
        try (IngestSession session = repository.beginIngest(Workbench.lease())) {
            Workbench.feed(session.disk(Workbench.describe(disk, "vda"), null), disk, false);
            while (packs().isEmpty()) {
                Thread.onSpinWait();
            }
        }
        repository.reclaim(AT_ONCE);
        repository.reclaim(AT_ONCE);
        assertThat(packs()).isEmpty();
    }

    @Test
    void aPackThatNobodyKnowsIsDeletedAfterTheGracePeriod() {
        PointRecord point = Workbench.capture(repository, disk, null);
        String orphan = "packs/ab/ab" + "0".repeat(62);
        blobs.putIfAbsent(orphan, java.nio.ByteBuffer.wrap(new byte[100]));
        assertThat(repository.reclaim(LATER).deletedOrphans()).isZero();
        assertThat(blobs.exists(orphan)).isTrue();
        assertThat(repository.reclaim(AT_ONCE).deletedOrphans()).isEqualTo(1);
        assertThat(blobs.exists(orphan)).isFalse();
        assertThat(Workbench.restore(repository, point.id())).isEqualTo(disk.bytes);
    }

    @Test
    void aPackThatARunHasNotRecordedYetIsNoOrphan() {
        BlobStore slow = new SteppedStore(blobs, at -> {
            if (at.startsWith("after commit of packs/")) {
                assertThat(repository.reclaim(AT_ONCE).deletedOrphans()).isZero();
            }
        });
        try (Repository node = Repository.open(slow, new Unlock.Nothing(), database)) {
            PointRecord point = Workbench.capture(node, disk, null);
            assertThat(Workbench.restore(repository, point.id())).isEqualTo(disk.bytes);
        }
    }

    @Test
    void aRunWhosePackIsDeletedBeforeItIsRecordedFailsAndALaterOneStoresItAnew() {
        PointRecord point = Workbench.capture(repository, disk, null);
        List<String> doomed = packs();
        repository.deletePoint(point.id());
        repository.reclaim(AT_ONCE);
        BlobStore slow = new SteppedStore(blobs, at -> {
            if (at.startsWith("after commit of packs/")) {
                assertThat(doomed).contains(at.substring(at.lastIndexOf(' ') + 1));
                repository.reclaim(AT_ONCE);
            }
        });
        try (Repository node = Repository.open(slow, new Unlock.Nothing(), database)) {
            assertThatThrownBy(() -> Workbench.capture(node, disk, null))
                    .isInstanceOfSatisfying(
                            StorageException.class,
                            e -> assertThat(e.code()).isEqualTo(StorageErrorCode.PACK_NOT_LIVE));
        }
        repository.reclaim(AT_ONCE);
        PointRecord next = Workbench.capture(repository, disk, null);
        assertThat(Workbench.restore(repository, next.id())).isEqualTo(disk.bytes);
    }

    @Test
    void aProtectedPointIsReadAlsoWhenItIsDeleted() {
        PointRecord point = Workbench.capture(repository, disk, null);
        var reader = repository.reader(point.id());
        UUID export = UUID.randomUUID();
        repository.protect(export, point.id());
        repository.deletePoint(point.id());
        repository.reclaim(AT_ONCE);
        repository.reclaim(AT_ONCE);
        assertThat(Workbench.part(reader, 0, reader.size())).isEqualTo(disk.bytes);
        repository.unprotect(export);
        repository.reclaim(AT_ONCE);
        repository.reclaim(AT_ONCE);
        assertThat(packs()).isEmpty();
    }

    @Test
    void aCatalogFromAnOldDumpMayNeitherWriteNorReclaimUntilItIsRebuilt() throws SQLException {
        PointRecord first = Workbench.capture(repository, disk, null);
        disk.scribble(new Random(4), 300);
        PointRecord second = Workbench.capture(repository, disk, first.id());
        repository.deletePoint(first.id());
        repository.reclaim(AT_ONCE);
        repository.reclaim(AT_ONCE);
        // The only trace that such a catalog has in itself.
        try (Connection connection = database.getConnection();
                Statement statement = connection.createStatement()) {
            assertThat(statement.executeUpdate("UPDATE catalog.repository SET reclaim_epoch = 0"))
                    .isEqualTo(1);
        }
        assertThat(repository.catalogState()).isEqualTo(CatalogState.NEEDS_REBUILD);
        assertThatThrownBy(() -> repository.reclaim(AT_ONCE))
                .isInstanceOfSatisfying(
                        StorageException.class,
                        e -> assertThat(e.code()).isEqualTo(StorageErrorCode.CATALOG_NEEDS_REBUILD));
        repository.rebuild(ProgressListener.NONE);
        assertThat(repository.catalogState()).isEqualTo(CatalogState.MATCHES);
        assertThat(Workbench.restore(repository, second.id())).isEqualTo(disk.bytes);
        repository.reclaim(AT_ONCE);
    }

    @Test
    void packsThatAreMostlyEmptyAreRewrittenWithoutTouchingWhatIsInUse() {
        PointRecord first = Workbench.capture(repository, disk, null);
        // Nearly everything changes: the old packs keep a few chunks that both points share.
        disk.write(0, noise(1_900_000, 9));
        PointRecord second = Workbench.capture(repository, disk, first.id());
        repository.deletePoint(first.id());
        ReclaimReport report = repository.reclaim(AT_ONCE);
        assertThat(report.rewrittenPacks()).isPositive();
        assertThat(report.copiedBytes()).isPositive().isLessThan(report.condemnedBytes());
        repository.reclaim(AT_ONCE);
        assertThat(Workbench.restore(repository, second.id())).isEqualTo(disk.bytes);
        rebuilt(second);
    }

    @Test
    void aPackWhoseFramesAreAllNeededForAChunkEachIsNotRewrittenOverAndOver() {
        disk.write(0, noise(disk.bytes.length, 5));
        PointRecord first = Workbench.capture(repository, disk, null);
        int frame = 16 * Workbench.CHUNK;
        for (int at = 0; at + frame <= disk.bytes.length; at += frame) {
            disk.write(at, noise(frame - Workbench.CHUNK, 6 + at));
        }
        PointRecord second = Workbench.capture(repository, disk, first.id());
        repository.deletePoint(first.id());
        repository.reclaim(AT_ONCE);
        repository.reclaim(AT_ONCE);

        ReclaimReport third = repository.reclaim(AT_ONCE);

        assertThat(third.copiedBytes()).isZero();
        assertThat(third.condemnedPacks()).isZero();
        assertThat(third.waitingPacks()).isZero();
        assertThat(Workbench.restore(repository, second.id())).isEqualTo(disk.bytes);
    }

    @Test
    void aDamagedPackIsLeftAloneAndDoesNotKeepSpaceFromBeingReclaimed() throws IOException {
        PointRecord first = Workbench.capture(repository, disk, null);
        List<String> old = packs();
        disk.write(0, noise(1_900_000, 9));
        Workbench.capture(repository, disk, first.id());
        repository.deletePoint(first.id());
        List<String> damaged = new ArrayList<>();
        for (String pack : old) {
            byte[] bytes = Files.readAllBytes(directory.resolve(pack));
            boolean data = bytes[8] == 1;
            for (int at = 40; data && at < bytes.length / 2; at += 100) {
                bytes[at] ^= 1;
            }
            if (data) {
                Files.write(directory.resolve(pack), bytes);
                damaged.add(pack);
            }
        }
        assertThat(damaged).isNotEmpty();

        ReclaimReport report = repository.reclaim(AT_ONCE);
        repository.reclaim(AT_ONCE);

        assertThat(report.condemnedPacks()).isPositive();
        assertThat(packs()).as("what is in use of a damaged pack stays there").containsAnyElementsOf(damaged);
    }

    @Test
    void aDeletionThatWasCutOffIsFinishedByTheNextReclaim() throws SQLException {
        PointRecord first = Workbench.capture(repository, disk, null);
        repository.deletePoint(first.id());
        repository.reclaim(LATER);
        try (Connection connection = database.getConnection();
                Statement statement = connection.createStatement()) {
            assertThat(statement.executeUpdate("UPDATE catalog.pack SET state = 'DELETED'"))
                    .isPositive();
        }
        repository.reclaim(LATER);
        assertThat(packs()).isEmpty();
    }

    /** The catalog made anew from what is stored has the point, whole. */
    private void rebuilt(PointRecord point) {
        try (Repository elsewhere = Repository.open(blobs, new Unlock.Nothing(), CatalogServer.freshDatabase())) {
            assertThat(elsewhere.rebuild(ProgressListener.NONE).leftOutPoints()).isEmpty();
            assertThat(Workbench.restore(elsewhere, point.id())).isEqualTo(disk.bytes);
            assertThat(elsewhere.catalogState()).isEqualTo(CatalogState.MATCHES);
        }
    }

    private static byte[] noise(int length, long seed) {
        byte[] bytes = new byte[length];
        new Random(seed).nextBytes(bytes);
        return bytes;
    }

    private List<String> packs() {
        try (Stream<BlobInfo> found = blobs.list("packs/")) {
            return found.map(BlobInfo::name).sorted().toList();
        }
    }

    private long storedBytes() {
        try (Stream<BlobInfo> found = blobs.list("packs/")) {
            return found.mapToLong(BlobInfo::bytes).sum();
        }
    }
}
