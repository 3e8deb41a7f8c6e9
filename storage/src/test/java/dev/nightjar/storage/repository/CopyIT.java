package dev.nightjar.storage.repository;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.nightjar.storage.StorageErrorCode;
import dev.nightjar.storage.StorageException;
import dev.nightjar.storage.blob.BlobInfo;
import dev.nightjar.storage.blob.BlobStore;
import dev.nightjar.storage.blob.DirectoryBlobStore;
import dev.nightjar.storage.blob.s3.S3BlobStore;
import dev.nightjar.storage.blob.s3.S3Credentials;
import dev.nightjar.storage.blob.s3.S3Location;
import dev.nightjar.storage.catalog.CatalogServer;
import dev.nightjar.storage.chunk.ChunkSize;
import dev.nightjar.storage.copy.CopiedPoint;
import dev.nightjar.storage.copy.CopyListener;
import dev.nightjar.storage.copy.CopyReport;
import dev.nightjar.storage.copy.PointCopy;
import dev.nightjar.storage.ingest.IngestSession;
import dev.nightjar.storage.key.NewKeys;
import dev.nightjar.storage.key.RecoveryKey;
import dev.nightjar.storage.key.Unlock;
import dev.nightjar.storage.point.PointRecord;
import dev.nightjar.storage.rebuild.ProgressListener;
import dev.nightjar.storage.reclaim.ReclaimLimits;
import dev.nightjar.testkit.S3Proxy;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;
import java.util.stream.Stream;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class CopyIT {

    private static final ReclaimLimits AT_ONCE = new ReclaimLimits(Duration.ZERO, 0.7, 1L << 30);
    private static final Path JAR = Path.of("target/peers/s3proxy.jar").toAbsolutePath();
    private static final int DISK_BYTES = 2_000_000;
    private static final int PACK_BYTES = 256 * 1024;
    private static final int SMALL_BYTES = 600_000;

    @TempDir
    Path directory;

    private final DataSource database = CatalogServer.freshDatabase();
    private final DiskModel disk = new DiskModel(DISK_BYTES, Workbench.CHUNK);
    private Repository source;
    private BlobStore targetBlobs;
    private Repository target;

    @BeforeEach
    void create() {
        source = Workbench.create(DirectoryBlobStore.create(directory.resolve("source")), database);
        targetBlobs = DirectoryBlobStore.create(directory.resolve("target"));
        target = Workbench.create(targetBlobs, database);
        disk.scribble(new Random(1), 100);
    }

    @AfterEach
    void close() {
        source.close();
        target.close();
    }

    @Test
    void aCopyHasTheContentAndTheFactsOfItsOriginal() {
        PointRecord point = Workbench.capture(source, disk, null);

        CopyReport report = copyAll(source, target);

        assertThat(report.copied()).hasSize(1);
        PointRecord copy = target.point(point.id());
        assertThat(copy).isEqualTo(point.copy(copy.root(), source.config().repositoryId()));
        assertThat(copy.root()).as("ids are made with another key").isNotEqualTo(point.root());
        assertThat(copy.startsIncrements()).isFalse();
        assertThat(Workbench.restore(target, point.id())).isEqualTo(disk.bytes);
        try (Repository elsewhere = Repository.open(targetBlobs, new Unlock.Nothing(), CatalogServer.freshDatabase())) {
            assertThat(elsewhere.rebuild(ProgressListener.NONE).points()).isEqualTo(1);
            assertThat(elsewhere.point(point.id())).isEqualTo(copy);
            assertThat(Workbench.restore(elsewhere, point.id())).isEqualTo(disk.bytes);
        }
    }

    @Test
    void whatIsThereIsNotCopiedTwice() {
        Workbench.capture(source, disk, null);
        copyAll(source, target);
        List<String> before = names(targetBlobs);

        CopyReport again = copyAll(source, target);

        assertThat(again.copied()).isEmpty();
        assertThat(again.present()).isEqualTo(1);
        assertThat(new PointCopy(source, target).missing()).isEmpty();
        assertThat(names(targetBlobs)).isEqualTo(before);
    }

    @Test
    void anIncrementCostsItsDifference() {
        PointRecord full = Workbench.capture(source, disk, null);
        copyAll(source, target);
        disk.write(8 * Workbench.CHUNK, noise(3 * Workbench.CHUNK, 5));
        disk.zero(100 * Workbench.CHUNK, 2 * Workbench.CHUNK);
        disk.write(DISK_BYTES - 10, noise(10, 6));
        PointRecord increment = Workbench.capture(source, disk, full.id());
        long before = storedBytes(targetBlobs);

        CopiedPoint copied = copyAll(source, target).copied().getFirst();

        assertThat(copied.base()).isEqualTo(full.id());
        assertThat(copied.readBytes()).isEqualTo(3 * Workbench.CHUNK + DISK_BYTES % Workbench.CHUNK);
        assertThat(copied.storedBytes()).isBetween(1L, copied.readBytes() + 200);
        assertThat(storedBytes(targetBlobs) - before)
                .as("with map nodes and the packs' directories")
                .isLessThan(40_000);
        assertThat(Workbench.restore(target, increment.id())).isEqualTo(disk.bytes);
    }

    @ParameterizedTest
    @CsvSource({"4096, 16384", "16384, 4096", "4096, 4096", "65536, 4096", "4096, 65536"})
    void chunksKeysAndEncryptionMayDiffer(int sourceChunk, int targetChunk) {
        boolean encryptTarget = sourceChunk <= targetChunk;
        try (Repository one = create("one", sourceChunk, !encryptTarget);
                Repository other = create("other", targetChunk, encryptTarget)) {
            long seed = System.nanoTime();
            Random random = new Random(seed);
            DiskModel model = new DiskModel(1_234_567, sourceChunk);
            model.scribble(random, 40);
            Map<UUID, byte[]> contents = new LinkedHashMap<>();
            UUID parent = null;
            for (int i = 0; i < 5; i++) {
                parent = capture(one, model, parent);
                contents.put(parent, model.bytes.clone());
                model.scribble(random, 4);
                if (i == 1) {
                    assertThat(copyAll(one, other).failed()).isEmpty();
                }
            }
            CopyReport report = copyAll(one, other);
            assertThat(report.failed()).as("seed " + seed).isEmpty();
            assertThat(report.copied()).hasSize(3).allMatch(point -> point.base() != null);
            contents.forEach((id, bytes) ->
                    assertThat(Workbench.restore(other, id)).as("seed " + seed).isEqualTo(bytes));
        }
    }

    @Test
    void aCopyComesBackToARepositoryThatLostIt() {
        PointRecord point = Workbench.capture(source, disk, null);
        copyAll(source, target);
        source.deletePoint(point.id());

        assertThat(copyAll(target, source).copied()).hasSize(1);

        assertThat(source.point(point.id()).copiedFrom())
                .isEqualTo(target.config().repositoryId());
        assertThat(Workbench.restore(source, point.id())).isEqualTo(disk.bytes);
    }

    @Test
    void aBucketIsCopiedToAndFrom() {
        try (S3Proxy server = S3Proxy.start(JAR, directory.resolve("s3"))) {
            server.createBucket("copies");
            S3Location location = S3Location.parse("s3://copies/x?endpoint=" + server.uri());
            S3Credentials credentials = new S3Credentials(S3Proxy.ACCESS_KEY, S3Proxy.SECRET_KEY);
            try (S3BlobStore blobs = S3BlobStore.open(location, credentials.always(), directory.resolve("spool"));
                    Repository bucket = Workbench.create(blobs, database);
                    Repository back =
                            Workbench.create(DirectoryBlobStore.create(directory.resolve("back")), database)) {
                PointRecord full = Workbench.capture(source, disk, null);
                disk.scribble(new Random(2), 5);
                PointRecord increment = Workbench.capture(source, disk, full.id());
                assertThat(copyAll(source, bucket).copied()).hasSize(2);
                assertThat(copyAll(bucket, back).copied()).hasSize(2);
                assertThat(Workbench.restore(bucket, increment.id())).isEqualTo(disk.bytes);
                assertThat(Workbench.restore(back, increment.id())).isEqualTo(disk.bytes);
            }
        }
    }

    @Test
    void whereverACopyIsKilledItGoesOnWithoutStoringAnythingTwice() {
        DiskModel small = new DiskModel(SMALL_BYTES, Workbench.CHUNK);
        small.scribble(new Random(6), 40);
        PointRecord full = Workbench.capture(source, small, null);
        small.scribble(new Random(7), 2);
        PointRecord increment = Workbench.capture(source, small, full.id());
        MortalProcess whole = new MortalProcess(0);
        CopyReport uninterrupted = copyIn(whole, "whole");
        int steps = whole.steps().size();
        assertThat(steps).isGreaterThan(10);
        for (int step = 1; step <= steps; step++) {
            String name = "killed-" + step;
            MortalProcess mortal = new MortalProcess(step);
            assertThatThrownBy(() -> copyIn(mortal, name)).as("step " + step).isInstanceOf(StorageException.class);
            long stored = storedBytes(DirectoryBlobStore.open(directory.resolve(name)));
            try (Repository reopened =
                    Repository.open(DirectoryBlobStore.open(directory.resolve(name)), new Unlock.Nothing(), database)) {
                reopened.points()
                        .forEach(point -> assertThat(Workbench.restore(reopened, point.id()))
                                .hasSize(SMALL_BYTES));
                if (reopened.catalogState() == CatalogState.NEEDS_REBUILD) {
                    reopened.rebuild(ProgressListener.NONE);
                }
                CopyReport rest = copyAll(source, reopened);
                assertThat(rest.failed()).as("step " + step).isEmpty();
                assertThat(reopened.points()).extracting(PointRecord::id).contains(full.id(), increment.id());
                assertThat(Workbench.restore(reopened, increment.id()))
                        .as("step " + step)
                        .isEqualTo(small.bytes);
                // At most the pack that the process did not live to record is stored again.
                assertThat(stored + rest.storedBytes())
                        .as("step " + step)
                        .isLessThan(uninterrupted.storedBytes() + PACK_BYTES + 40_000);
            }
        }
    }

    @Test
    void aDamagedPointIsReportedAndTheOthersAreCopied() throws IOException {
        PointRecord sound = Workbench.capture(source, disk, null);
        List<String> before = names(DirectoryBlobStore.open(directory.resolve("source")));
        disk.write(0, noise(40_000, 3));
        byte[] soundBytes = Workbench.restore(source, sound.id());
        PointRecord damaged = Workbench.capture(source, disk, sound.id());
        List<String> added = new ArrayList<>(names(DirectoryBlobStore.open(directory.resolve("source"))));
        added.removeAll(before);
        for (String name : added) {
            byte[] bytes = Files.readAllBytes(directory.resolve("source").resolve(name));
            if (name.startsWith("packs/") && bytes[8] == 1) {
                bytes[5000] ^= 1;
                Files.write(directory.resolve("source").resolve(name), bytes);
            }
        }
        disk.write(0, noise(40_000, 4));
        PointRecord after = Workbench.capture(source, disk, damaged.id());

        CopyReport report = copyAll(source, target);

        assertThat(report.failed()).singleElement().satisfies(failure -> {
            assertThat(failure.point()).isEqualTo(damaged.id());
            assertThat(failure.code()).isEqualTo(StorageErrorCode.DATA_DAMAGED);
        });
        assertThat(Workbench.restore(target, sound.id())).isEqualTo(soundBytes);
        assertThat(Workbench.restore(target, after.id())).isEqualTo(disk.bytes);
        assertThat(target.points()).hasSize(2);
    }

    @Test
    void aStoreThatLosesWhatItWasGivenIsFoundOutBeforeTheCopyCounts() {
        Workbench.capture(source, disk, null);
        BlobStore rotten = new RottenStore(DirectoryBlobStore.create(directory.resolve("rotten")));
        try (Repository bad = Workbench.create(rotten, database)) {
            CopyReport report = copyAll(source, bad);
            assertThat(report.copied()).isEmpty();
            assertThat(report.failed())
                    .singleElement()
                    .satisfies(failure -> assertThat(failure.code()).isEqualTo(StorageErrorCode.DATA_DAMAGED));
            assertThat(bad.points()).isEmpty();
        }
    }

    @Test
    void bothSidesAreReclaimedMeanwhile() throws InterruptedException {
        long seed = System.nanoTime();
        Random random = new Random(seed);
        AtomicBoolean stop = new AtomicBoolean();
        AtomicReference<@Nullable Throwable> failure = new AtomicReference<>();
        Thread reclaimer = Thread.ofVirtual().start(() -> {
            try {
                while (!stop.get()) {
                    source.reclaim(AT_ONCE);
                    target.reclaim(AT_ONCE);
                }
            } catch (RuntimeException | Error e) {
                failure.set(e);
            }
        });
        Map<UUID, byte[]> contents = new LinkedHashMap<>();
        UUID last = null;
        for (int i = 0; i < 12 && failure.get() == null; i++) {
            disk.scribble(random, 10);
            last = Workbench.capture(source, disk, last).id();
            contents.put(last, disk.bytes.clone());
            assertThat(copyAll(source, target).failed()).as("seed " + seed).isEmpty();
            if (contents.size() > 3) {
                UUID oldest = contents.keySet().iterator().next();
                (random.nextBoolean() ? source : target).deletePoint(oldest);
                contents.remove(oldest);
                // What was deleted in the target only would come back by the next copy.
                if (source.points().stream().anyMatch(point -> point.id().equals(oldest))) {
                    source.deletePoint(oldest);
                }
            }
        }
        stop.set(true);
        reclaimer.join();
        assertThat(failure.get()).as("seed " + seed).isNull();
        contents.forEach((id, bytes) -> {
            assertThat(Workbench.restore(source, id)).as("seed " + seed).isEqualTo(bytes);
            assertThat(Workbench.restore(target, id)).as("seed " + seed).isEqualTo(bytes);
        });
    }

    /** Another node takes the first copy for dead, and has the record and the row of its own when that one looks what has become of it. */
    @Test
    void aCopyThatWasTakenForDeadLeavesThatOfItsSuccessorAlone() throws Exception {
        PointRecord point = Workbench.capture(source, disk, null);
        UUID dead = UUID.randomUUID();
        CountDownLatch paused = new CountDownLatch(1);
        CountDownLatch wakes = new CountDownLatch(1);
        CompletableFuture<Void> first = CompletableFuture.runAsync(() -> copyPoint(point, dead, at -> {
            if (at.startsWith("after put of points/")) {
                paused.countDown();
                await(wakes);
            }
        }));
        await(paused);
        new PointCopy(source, target).end(dead);

        copyPoint(point, UUID.randomUUID(), at -> {
            if (at.startsWith("after put of points/")) {
                wakes.countDown();
                assertThatThrownBy(first::get)
                        .cause()
                        .isInstanceOfSatisfying(
                                StorageException.class,
                                e -> assertThat(e.code()).isEqualTo(StorageErrorCode.LEASE_LOST));
            }
        });

        assertThat(first).isDone();
        assertThat(target.points()).extracting(PointRecord::id).containsExactly(point.id());
        assertThat(target.catalogState()).isEqualTo(CatalogState.MATCHES);
        assertThat(Workbench.restore(target, point.id())).isEqualTo(disk.bytes);
    }

    @Test
    void aCopyThatIsReplacedBeforeItsCommitDoesNotCompleteThatOfAnother() throws Exception {
        PointRecord point = Workbench.capture(source, disk, null);
        CountDownLatch paused = new CountDownLatch(1);
        CountDownLatch replaced = new CountDownLatch(1);
        CompletableFuture<Void> first = CompletableFuture.runAsync(() -> copyPoint(point, UUID.randomUUID(), at -> {
            if (at.startsWith("after put of points/")) {
                paused.countDown();
                await(replaced);
            }
        }));
        await(paused);

        copyPoint(point, UUID.randomUUID(), at -> {
            if (at.startsWith("before put of points/")) {
                replaced.countDown();
                assertThatThrownBy(first::get).cause().hasMessage("Only 0 of 1 points are this run's to complete");
                assertThat(target.points()).isEmpty();
            }
        });

        assertThat(first).isDone();
        assertThat(target.catalogState()).isEqualTo(CatalogState.MATCHES);
        assertThat(Workbench.restore(target, point.id())).isEqualTo(disk.bytes);
    }

    @Test
    void aRecordOfADeadCopyThatComesTooLateIsRemoved() {
        PointRecord point = Workbench.capture(source, disk, null);
        UUID dead = UUID.randomUUID();
        AtomicBoolean once = new AtomicBoolean();
        assertThatThrownBy(() -> copyPoint(point, dead, at -> {
                    if (at.startsWith("before put of points/") && once.compareAndSet(false, true)) {
                        new PointCopy(source, target).end(dead);
                    }
                }))
                .isInstanceOfSatisfying(
                        StorageException.class, e -> assertThat(e.code()).isEqualTo(StorageErrorCode.LEASE_LOST));
        assertThat(targetBlobs.list("points/")).isEmpty();
        assertThat(target.catalogState()).isEqualTo(CatalogState.MATCHES);
    }

    private void copyPoint(PointRecord point, UUID run, Consumer<String> borders) {
        BlobStore stepped = new SteppedStore(targetBlobs, borders);
        try (Repository node = Repository.open(stepped, new Unlock.Nothing(), database)) {
            new PointCopy(source, node).copy(run, List.of(point.id()), CopyListener.NONE);
        }
    }

    private static void await(CountDownLatch latch) {
        try {
            assertThat(latch.await(60, TimeUnit.SECONDS)).isTrue();
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    @Test
    void aRepositoryIsNotCopiedToItself() {
        assertThatThrownBy(() -> new PointCopy(source, source))
                .isInstanceOfSatisfying(
                        StorageException.class, e -> assertThat(e.code()).isEqualTo(StorageErrorCode.INVALID_ARGUMENT));
    }

    @Test
    void aPointThatIsGoneIsReported() {
        UUID nobody = UUID.randomUUID();
        CopyReport report = new PointCopy(source, target).copy(UUID.randomUUID(), List.of(nobody), CopyListener.NONE);
        assertThat(report.failed()).singleElement().satisfies(failure -> {
            assertThat(failure.point()).isEqualTo(nobody);
            assertThat(failure.code()).isEqualTo(StorageErrorCode.POINT_NOT_FOUND);
        });
        assertThat(report.present()).isZero();
    }

    private CopyReport copyIn(MortalProcess process, String name) {
        BlobStore blobs = process.store(DirectoryBlobStore.create(directory.resolve(name)));
        try (Repository mortal = Workbench.create(blobs, process.database(database))) {
            process.begin();
            return copyAll(source, mortal);
        }
    }

    private static CopyReport copyAll(Repository from, Repository to) {
        List<UUID> all = from.points().stream().map(PointRecord::id).toList();
        return new PointCopy(from, to).copy(UUID.randomUUID(), all, CopyListener.NONE);
    }

    private Repository create(String name, int chunk, boolean encrypted) {
        NewKeys keys =
                encrypted ? new NewKeys("a passphrase for a test", RecoveryKey.generate(new SecureRandom())) : null;
        return Repository.create(
                DirectoryBlobStore.create(directory.resolve(name)),
                new RepositoryOptions(new ChunkSize(chunk), 256 * 1024, keys),
                database);
    }

    private static UUID capture(Repository repository, DiskModel model, @Nullable UUID parent) {
        try (IngestSession session = repository.beginIngest(Workbench.lease())) {
            var ingest = session.disk(Workbench.describe(model, "vda"), parent);
            for (int chunk = 0; chunk < model.chunks(); chunk++) {
                if (parent == null || model.dirty.get(chunk)) {
                    int offset = chunk * model.chunkBytes;
                    ingest.data(offset, java.nio.ByteBuffer.wrap(model.bytes, offset, model.end(chunk) - offset));
                }
            }
            model.dirty.clear();
            return session.commit(Workbench.facts()).points().getFirst().id();
        }
    }

    private static byte[] noise(int length, long seed) {
        byte[] bytes = new byte[length];
        new Random(seed).nextBytes(bytes);
        return bytes;
    }

    private static List<String> names(BlobStore blobs) {
        try (Stream<BlobInfo> found = blobs.list("")) {
            return found.map(BlobInfo::name).sorted().toList();
        }
    }

    private static long storedBytes(BlobStore blobs) {
        try (Stream<BlobInfo> found = blobs.list("packs/")) {
            return found.mapToLong(BlobInfo::bytes).sum();
        }
    }
}
