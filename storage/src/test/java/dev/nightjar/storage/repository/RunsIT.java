package dev.nightjar.storage.repository;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.nightjar.storage.StorageErrorCode;
import dev.nightjar.storage.StorageException;
import dev.nightjar.storage.blob.BlobStore;
import dev.nightjar.storage.blob.DirectoryBlobStore;
import dev.nightjar.storage.catalog.CatalogServer;
import dev.nightjar.storage.ingest.CommittedSet;
import dev.nightjar.storage.ingest.DiskIngest;
import dev.nightjar.storage.ingest.IngestSession;
import dev.nightjar.storage.ingest.RunLease;
import dev.nightjar.storage.key.Unlock;
import dev.nightjar.storage.point.PointRecord;
import dev.nightjar.storage.rebuild.ProgressListener;
import dev.nightjar.storage.reclaim.ReclaimLimits;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.UUID;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import javax.sql.DataSource;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@Timeout(120)
class RunsIT {

    @TempDir
    Path directory;

    private final Random random = new Random(1234);
    private final DataSource database = CatalogServer.freshDatabase();
    private final DiskModel disk = new DiskModel(1_000_000, Workbench.CHUNK);
    private BlobStore blobs;
    private Repository repository;

    @BeforeEach
    void create() {
        blobs = DirectoryBlobStore.create(directory);
        repository = Workbench.create(blobs, database);
        disk.write(0, noise(disk.bytes.length));
    }

    @AfterEach
    void close() {
        repository.close();
    }

    @Test
    void whatAnAbortedRunStoredIsReusedByTheNext() {
        long stored;
        try (IngestSession session = repository.beginIngest(Workbench.lease())) {
            DiskIngest ingest = session.disk(Workbench.describe(disk, "vda"), null);
            Workbench.feed(ingest, disk, false);
            awaitPacks(2);
            session.abort();
            stored = repository.totals().chunks() * Workbench.CHUNK;
            assertFails(StorageErrorCode.INGEST_ABORTED, () -> session.commit(Workbench.facts()));
            assertFails(StorageErrorCode.INGEST_ABORTED, () -> ingest.zero(0, 0));
        }
        assertThat(repository.points()).isEmpty();
        PointRecord next = Workbench.capture(repository, disk, null);
        assertThat(stored).isPositive();
        assertThat(next.totals().deduplicatedBytes()).isEqualTo(stored);
        assertThat(next.totals().newBytes()).isEqualTo(disk.bytes.length - stored);
        assertThat(Workbench.restore(repository, next.id())).isEqualTo(disk.bytes);
    }

    @Test
    void runsOfSeveralProcessesThatStoreTheSameAtOnceAllRestore() throws Exception {
        int runs = 4;
        CountDownLatch start = new CountDownLatch(1);
        List<DiskModel> disks = new ArrayList<>();
        List<Future<PointRecord>> points = new ArrayList<>();
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            for (int run = 0; run < runs; run++) {
                DiskModel mine = new DiskModel(disk.bytes.length, Workbench.CHUNK);
                mine.write(0, disk.bytes);
                mine.scribble(new Random(run), 10);
                disks.add(mine);
                Callable<PointRecord> work = () -> {
                    try (Repository process =
                            Repository.open(DirectoryBlobStore.open(directory), new Unlock.Nothing(), database)) {
                        start.await();
                        return Workbench.capture(process, mine, null);
                    }
                };
                points.add(threads.submit(work));
            }
            start.countDown();
        }
        for (int run = 0; run < runs; run++) {
            assertThat(Workbench.restore(repository, points.get(run).get().id()))
                    .isEqualTo(disks.get(run).bytes);
        }
        assertThat(Workbench.capture(repository, disks.getFirst(), null)
                        .totals()
                        .newBytes())
                .isZero();
        try (Repository elsewhere = Repository.open(blobs, new Unlock.Nothing(), CatalogServer.freshDatabase())) {
            elsewhere.rebuild(ProgressListener.NONE);
            assertThat(elsewhere.points()).isEqualTo(repository.points());
            assertThat(Workbench.restore(elsewhere, points.getLast().get().id()))
                    .isEqualTo(disks.getLast().bytes);
        }
    }

    @Test
    void theDisksOfARunBecomePointsOfOneSetTogether() throws Exception {
        List<DiskModel> disks = new ArrayList<>();
        CommittedSet set;
        try (IngestSession session = repository.beginIngest(Workbench.lease());
                ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            List<Future<?>> feeding = new ArrayList<>();
            for (int i = 0; i < 3; i++) {
                DiskModel mine = new DiskModel(400_000 + i, Workbench.CHUNK);
                mine.scribble(random, 30);
                disks.add(mine);
                DiskIngest ingest = session.disk(Workbench.describe(mine, "vd" + (char) ('a' + i)), null);
                feeding.add(threads.submit(() -> Workbench.feed(ingest, mine, false)));
            }
            for (Future<?> feed : feeding) {
                feed.get();
            }
            assertThat(repository.points()).isEmpty();
            set = session.commit(Workbench.facts());
        }
        assertThat(set.points()).extracting(PointRecord::diskName).containsExactly("vda", "vdb", "vdc");
        assertThat(set.points()).allSatisfy(point -> assertThat(point.setId()).isEqualTo(set.setId()));
        assertThat(set.points().get(0).checkpoint()).isNotNull();
        assertThat(set.points().get(1).checkpoint()).isNull();
        for (int i = 0; i < 3; i++) {
            assertThat(Workbench.restore(repository, set.points().get(i).id())).isEqualTo(disks.get(i).bytes);
        }
    }

    @Test
    void aRunThatWasTakenOverCommitsNothing() {
        UUID run = UUID.randomUUID();
        try (IngestSession old = repository.beginIngest(new RunLease(run, 1))) {
            Workbench.feed(old.disk(Workbench.describe(disk, "vda"), null), disk, false);
            try (IngestSession taker = repository.beginIngest(new RunLease(run, 2))) {
                assertFails(StorageErrorCode.LEASE_LOST, () -> old.commit(Workbench.facts()));
                assertThat(repository.points()).isEmpty();
                Workbench.feed(taker.disk(Workbench.describe(disk, "vda"), null), disk, false);
                taker.commit(Workbench.facts());
            }
        }
        assertThat(repository.points()).hasSize(1);
        assertThat(blobs.list("points/")).hasSize(1);
        assertFails(StorageErrorCode.LEASE_LOST, () -> repository.beginIngest(new RunLease(run, 2)));
    }

    @Test
    void aRunThatWasDeclaredDeadCommitsNothing() {
        RunLease lease = Workbench.lease();
        try (IngestSession session = repository.beginIngest(lease)) {
            Workbench.feed(session.disk(Workbench.describe(disk, "vda"), null), disk, false);
            DeadRun.bar(database, lease.runId());
            assertFails(StorageErrorCode.LEASE_LOST, () -> session.commit(Workbench.facts()));
        }
        assertThat(repository.points()).isEmpty();
        assertThat(blobs.list("points/")).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"before put of points/", "after put of points/"})
    void aRunThatIsDeclaredDeadInTheMidstOfItsCommitCompletesNothingAndLeavesNothing(String border) {
        RunLease lease = Workbench.lease();
        AtomicBoolean dead = new AtomicBoolean();
        BlobStore paused = new SteppedStore(blobs, at -> {
            if (at.startsWith(border) && dead.compareAndSet(false, true)) {
                repository.endRun(lease.runId());
            }
        });
        try (Repository node = Repository.open(paused, new Unlock.Nothing(), database);
                IngestSession session = node.beginIngest(lease)) {
            Workbench.feed(session.disk(Workbench.describe(disk, "vda"), null), disk, false);
            assertFails(StorageErrorCode.LEASE_LOST, () -> session.commit(Workbench.facts()));
        }
        assertThat(dead).isTrue();
        assertThat(repository.points()).isEmpty();
        assertThat(blobs.list("points/")).isEmpty();
        assertThat(repository.catalogState()).isEqualTo(CatalogState.MATCHES);
    }

    @Test
    void aRunThatWasDeclaredDeadBeforeItTookItsLeaseNeverGetsOne() {
        RunLease lease = Workbench.lease();
        DeadRun.bar(database, lease.runId());
        assertFails(StorageErrorCode.LEASE_LOST, () -> repository.beginIngest(lease));
        DeadRun.bar(database, lease.runId());
        assertFails(StorageErrorCode.LEASE_LOST, () -> repository.beginIngest(new RunLease(lease.runId(), 2)));
    }

    @Test
    void aRunDoesNotCommitOnPacksThatAreGoingAndTheNextOneStoresTheirChunksAnew() throws SQLException {
        PointRecord first = Workbench.capture(repository, disk, null);
        repository.deletePoint(first.id());
        try (IngestSession session = repository.beginIngest(Workbench.lease())) {
            DiskIngest ingest = session.disk(Workbench.describe(disk, "vda"), null);
            Workbench.feed(ingest, disk, false);
            awaitDeduplicated(ingest, disk.bytes.length);
            deleteAllPacks();
            assertFails(StorageErrorCode.PACK_NOT_LIVE, () -> session.commit(Workbench.facts()));
        }
        assertThat(repository.points()).isEmpty();
        assertThat(blobs.list("points/")).isEmpty();
        assertThat(repository.catalogState()).isEqualTo(CatalogState.MATCHES);

        repository.reclaim(new ReclaimLimits(Duration.ZERO, 0, 0));
        disk.write(500_000, noise(Workbench.CHUNK));
        PointRecord next = Workbench.capture(repository, disk, null);
        assertThat(next.totals().newBytes()).isGreaterThan(disk.bytes.length - 16L * Workbench.CHUNK);
        assertThat(Workbench.restore(repository, next.id())).isEqualTo(disk.bytes);
    }

    @Test
    void aCommitWhoseAnswerIsLostIsFoundOutToHaveHappened() {
        MortalProcess rehearsal = new MortalProcess(0);
        runIn(rehearsal);
        int lastStep = rehearsal.steps().size();
        assertThat(rehearsal.steps().getLast()).isEqualTo("after transaction");
        disk.write(0, noise(disk.bytes.length));

        MortalProcess process = MortalProcess.failingOnceAt(lastStep);
        PointRecord point = runIn(process);

        assertThat(process.steps()).hasSizeGreaterThan(lastStep);
        assertThat(Workbench.restore(repository, point.id())).isEqualTo(disk.bytes);
    }

    @Test
    void aWriteThatFailsOnceFailsTheRunAndLeavesNothingHalfMade() {
        MortalProcess rehearsal = new MortalProcess(0);
        runIn(rehearsal);
        int steps = rehearsal.steps().size();
        for (int step = 1; step < steps; step++) {
            if (rehearsal.steps().get(step - 1).startsWith("after transaction")) {
                continue; // The answer is lost: what came of it is told by another test.
            }
            disk.write(0, noise(disk.bytes.length));
            MortalProcess process = MortalProcess.failingOnceAt(step);
            String window = "failed at step " + step + " " + rehearsal.steps().get(step - 1);
            assertThatThrownBy(() -> runIn(process)).as(window).isInstanceOf(StorageException.class);
            assertThat(repository.points()).as(window).hasSize(1);
            assertThat(blobs.list("points/")).as(window).hasSize(1);
            assertThat(blobs.list("tmp/")).as(window).isEmpty();
            assertThat(repository.catalogState()).as(window).isEqualTo(CatalogState.MATCHES);
        }
        assertThat(Workbench.restore(repository, runIn(new MortalProcess(0)).id()))
                .isEqualTo(disk.bytes);
    }

    @Test
    void anIncrementNeedsACompleteParentOfTheSameSize() {
        PointRecord parent = Workbench.capture(repository, disk, null);
        DiskModel grown = new DiskModel(disk.bytes.length + 1, Workbench.CHUNK);
        try (IngestSession session = repository.beginIngest(Workbench.lease())) {
            assertFails(
                    StorageErrorCode.POINT_NOT_FOUND,
                    () -> session.disk(Workbench.describe(disk, "vda"), UUID.randomUUID()));
            assertFails(
                    StorageErrorCode.INVALID_ARGUMENT,
                    () -> session.disk(Workbench.describe(grown, "vda"), parent.id()));
        }
    }

    @Test
    void aParentDeletedDuringTheRunDoesNotHurtIt() {
        PointRecord parent = Workbench.capture(repository, disk, null);
        try (IngestSession session = repository.beginIngest(Workbench.lease())) {
            DiskIngest ingest = session.disk(Workbench.describe(disk, "vda"), parent.id());
            repository.deletePoint(parent.id());
            disk.scribble(random, 4);
            Workbench.feed(ingest, disk, true);
            PointRecord point = session.commit(Workbench.facts()).points().getFirst();
            assertThat(Workbench.restore(repository, point.id())).isEqualTo(disk.bytes);
            assertThat(point.parentId()).isEqualTo(parent.id());
        }
    }

    @Test
    void samplesOfTheDiskAreComparedWithTheParent() {
        disk.zero(8 * Workbench.CHUNK, Workbench.CHUNK);
        PointRecord parent = Workbench.capture(repository, disk, null);
        try (IngestSession session = repository.beginIngest(Workbench.lease())) {
            DiskIngest ingest = session.disk(Workbench.describe(disk, "vda"), parent.id());
            ByteBuffer zeros = ByteBuffer.allocate(Workbench.CHUNK);
            assertThat(ingest.parentChunkId(8)).isNull();
            assertThat(ingest.parentChunkId(7)).isNotNull();
            assertThat(ingest.matchesParent(8, zeros)).isTrue();
            assertThat(ingest.matchesParent(7, zeros)).isFalse();
            assertThat(ingest.matchesParent(7, ByteBuffer.wrap(disk.bytes, 7 * Workbench.CHUNK, Workbench.CHUNK)))
                    .isTrue();
            int last = disk.chunks() - 1;
            assertThat(ingest.matchesParent(
                            last,
                            ByteBuffer.wrap(
                                    disk.bytes, last * Workbench.CHUNK, disk.bytes.length - last * Workbench.CHUNK)))
                    .isTrue();
        }
    }

    @Test
    void brokenChunksAndStepsBackAreRefused() {
        try (IngestSession session = repository.beginIngest(Workbench.lease())) {
            DiskIngest ingest = session.disk(Workbench.describe(disk, "vda"), null);
            ingest.data(4 * Workbench.CHUNK, ByteBuffer.allocate(Workbench.CHUNK));
            assertFails(StorageErrorCode.INVALID_ARGUMENT, () -> ingest.data(0, ByteBuffer.allocate(Workbench.CHUNK)));
            assertFails(
                    StorageErrorCode.INVALID_ARGUMENT, () -> ingest.data(8 * Workbench.CHUNK, ByteBuffer.allocate(5)));
            assertFails(
                    StorageErrorCode.INVALID_ARGUMENT, () -> ingest.zero(8 * Workbench.CHUNK + 1, Workbench.CHUNK - 1));
            assertFails(StorageErrorCode.INVALID_ARGUMENT, () -> ingest.zero(8 * Workbench.CHUNK, disk.bytes.length));
            assertFails(StorageErrorCode.INVALID_ARGUMENT, () -> ingest.zero(8 * Workbench.CHUNK, Long.MAX_VALUE));
        }
    }

    @Test
    void anUnknownPointIsSaidToBeUnknown() {
        UUID unknown = UUID.randomUUID();
        assertFails(StorageErrorCode.POINT_NOT_FOUND, () -> repository.point(unknown));
        assertFails(StorageErrorCode.POINT_NOT_FOUND, () -> repository.reader(unknown));
        assertFails(StorageErrorCode.POINT_NOT_FOUND, () -> repository.deletePoint(unknown));
    }

    @Test
    void deletingAPointLeavesTheOthersWhole() {
        UUID first = Workbench.capture(repository, disk, null).id();
        disk.scribble(random, 5);
        PointRecord second = Workbench.capture(repository, disk, first);
        repository.deletePoint(first);
        assertThat(repository.points()).containsExactly(second);
        assertThat(blobs.exists("points/" + first)).isFalse();
        assertThat(Workbench.restore(repository, second.id())).isEqualTo(disk.bytes);
        assertFails(StorageErrorCode.POINT_NOT_FOUND, () -> repository.deletePoint(first));
    }

    private PointRecord runIn(MortalProcess process) {
        try (Repository mine =
                Repository.open(process.store(blobs), new Unlock.Nothing(), process.database(database))) {
            process.begin();
            return Workbench.capture(mine, disk, null);
        }
    }

    private void deleteAllPacks() throws SQLException {
        try (Connection connection = database.getConnection();
                Statement statement = connection.createStatement()) {
            assertThat(statement.executeUpdate("UPDATE catalog.pack SET state = 'DELETED'"))
                    .isPositive();
        }
    }

    private void awaitPacks(int count) {
        await(() -> repository.totals().packs() >= count);
    }

    private static void awaitDeduplicated(DiskIngest ingest, long bytes) {
        // What is still being put together is looked up when the session commits.
        await(() -> ingest.progress().deduplicatedBytes() >= bytes - 16 * Workbench.CHUNK);
    }

    private static void await(java.util.function.BooleanSupplier condition) {
        long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(30);
        while (!condition.getAsBoolean()) {
            assertThat(System.nanoTime()).isLessThan(end);
            Thread.onSpinWait();
        }
    }

    private byte[] noise(int length) {
        byte[] noise = new byte[length];
        random.nextBytes(noise);
        return noise;
    }

    private static void assertFails(StorageErrorCode code, ThrowingCallable call) {
        assertThatThrownBy(call)
                .isInstanceOfSatisfying(
                        StorageException.class, e -> assertThat(e.code()).isEqualTo(code));
    }
}
