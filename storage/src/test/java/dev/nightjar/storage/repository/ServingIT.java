package dev.nightjar.storage.repository;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.nightjar.storage.StorageErrorCode;
import dev.nightjar.storage.StorageException;
import dev.nightjar.storage.blob.BlobStore;
import dev.nightjar.storage.blob.DirectoryBlobStore;
import dev.nightjar.storage.catalog.CatalogServer;
import dev.nightjar.storage.key.Unlock;
import dev.nightjar.storage.point.PointRecord;
import dev.nightjar.storage.reclaim.ReclaimLimits;
import dev.nightjar.storage.serve.DiskPiece;
import dev.nightjar.storage.serve.PointContent;
import dev.nightjar.storage.serve.ServeLimits;
import dev.nightjar.storage.serve.ServedPoint;
import dev.nightjar.storage.serve.Serving;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.List;
import java.util.Random;
import java.util.UUID;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.Stream;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Points served at random, against the bytes that went in. */
@Timeout(120)
class ServingIT {

    private static final int SIZE = 700 * Workbench.CHUNK + 1234;
    private static final ServeLimits SMALL = new ServeLimits(ServeLimits.MIN_FRAME_BYTES, 4, 1 << 20, 2);

    @TempDir
    Path directory;

    private final DataSource database = CatalogServer.freshDatabase();
    private final DiskModel disk = new DiskModel(SIZE, Workbench.CHUNK);
    private final Random random = new Random(42);
    private Repository repository;
    private PointRecord first;
    private byte[] firstBytes;
    private PointRecord second;

    @BeforeEach
    void takeTwoPoints() {
        BlobStore blobs = DirectoryBlobStore.create(directory);
        repository = Workbench.create(blobs, database);
        disk.scribble(random, 120);
        disk.zero(200 * Workbench.CHUNK, 170 * Workbench.CHUNK);
        first = Workbench.capture(repository, disk, null);
        firstBytes = disk.bytes.clone();
        disk.scribble(random, 15);
        second = Workbench.capture(repository, disk, first.id());
    }

    @AfterEach
    void close() {
        repository.close();
    }

    @Test
    void everyRangeReadsAsWhatWentIn() {
        try (Serving serving = repository.serving(SMALL)) {
            ServedPoint one = serving.open(PointContent.of(first));
            ServedPoint other = serving.open(PointContent.of(second));
            for (int i = 0; i < 400; i++) {
                int offset = random.nextInt(SIZE);
                int length = random.nextInt(Math.min(SIZE - offset, 100 * Workbench.CHUNK)) + 1;
                assertThat(read(one.read(offset, length)))
                        .isEqualTo(Arrays.copyOfRange(firstBytes, offset, offset + length));
                assertThat(read(other.read(offset, length)))
                        .isEqualTo(Arrays.copyOfRange(disk.bytes, offset, offset + length));
            }
            assertThat(read(other.read(0, SIZE))).isEqualTo(disk.bytes);
            assertThat(serving.cachedBytes()).isBetween(1L, SMALL.frameBytes());
        }
    }

    @Test
    void whatWasReadOnceIsReadAgainWithoutWaiting() {
        try (Serving serving = repository.serving(ServeLimits.DEFAULT)) {
            ServedPoint point = serving.open(PointContent.of(second));
            read(point.read(0, SIZE));
            List<DiskPiece> now = point.readNow(77, SIZE - 100);
            assertThat(now).isNotNull();
            assertThat(read(now)).isEqualTo(Arrays.copyOfRange(disk.bytes, 77, SIZE - 23));
        }
    }

    @Test
    void whatIsNotInMemoryIsNotReadNow() {
        try (Serving serving = repository.serving(ServeLimits.DEFAULT)) {
            ServedPoint point = serving.open(PointContent.of(second));
            assertThat(point.readNow(0, SIZE)).isNull();
        }
    }

    @Test
    void neighboursInOneFrameAreOnePieceThatIsSharedNotCopied() {
        try (Serving serving = repository.serving(ServeLimits.DEFAULT)) {
            DiskModel noise = new DiskModel(16 * Workbench.CHUNK, Workbench.CHUNK);
            byte[] bytes = new byte[noise.bytes.length];
            random.nextBytes(bytes);
            noise.write(0, bytes);
            ServedPoint point = serving.open(PointContent.of(Workbench.capture(repository, noise, null)));
            List<DiskPiece> once = point.read(1, bytes.length - 2);
            List<DiskPiece> again = point.read(1, bytes.length - 2);
            assertThat(once).hasSize(1);
            DiskPiece.Data data = (DiskPiece.Data) once.getFirst();
            assertThat(data.bytes().isDirect()).isTrue();
            assertThat(data.bytes().remaining()).isEqualTo(bytes.length - 2);
            assertThat(read(once)).isEqualTo(read(again));
        }
    }

    @Test
    void zerosAreOnePieceAndReadNothing() {
        try (Serving serving = repository.serving(ServeLimits.DEFAULT)) {
            DiskModel empty = new DiskModel(500 * Workbench.CHUNK, Workbench.CHUNK);
            ServedPoint point = serving.open(PointContent.of(Workbench.capture(repository, empty, null)));
            assertThat(point.read(5, 400 * Workbench.CHUNK))
                    .containsExactly(new DiskPiece.Zeros(400L * Workbench.CHUNK));
            assertThat(serving.cachedBytes()).isZero();
        }
    }

    @Test
    void sixteenReadersAtOnceEachGetTheirBytesThoughMemoryIsShort() throws Exception {
        try (Serving serving = repository.serving(SMALL)) {
            ServedPoint point = serving.open(PointContent.of(second));
            List<Future<?>> readers = new ArrayList<>();
            try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
                for (int reader = 0; reader < 16; reader++) {
                    Random mine = new Random(reader);
                    readers.add(threads.submit(() -> readAtRandom(point, mine)));
                }
            }
            for (Future<?> reader : readers) {
                reader.get();
            }
        }
    }

    private void readAtRandom(ServedPoint point, Random mine) {
        for (int i = 0; i < 100; i++) {
            int offset = mine.nextInt(SIZE);
            int length = mine.nextInt(Math.min(SIZE - offset, 30 * Workbench.CHUNK)) + 1;
            assertThat(read(point.read(offset, length)))
                    .isEqualTo(Arrays.copyOfRange(disk.bytes, offset, offset + length));
        }
    }

    @Test
    void allocationIsWhatIsNotZero() {
        BitSet allocated = new BitSet();
        for (int chunk = 0; chunk < disk.chunks(); chunk++) {
            if (!disk.isZero(chunk)) {
                allocated.set(chunk * Workbench.CHUNK, disk.end(chunk));
            }
        }
        try (Serving serving = repository.serving(ServeLimits.DEFAULT)) {
            ServedPoint point = serving.open(PointContent.of(second));
            for (int i = 0; i < 200; i++) {
                int offset = random.nextInt(SIZE);
                int length = random.nextInt(SIZE - offset) + 1;
                BitSet told = new BitSet();
                long[] at = {offset};
                point.allocation(offset, length, (size, set) -> {
                    told.set((int) at[0], (int) (at[0] + size), set);
                    at[0] += size;
                    return true;
                });
                assertThat(at[0]).isEqualTo((long) offset + length);
                assertThat(told).isEqualTo(within(allocated, offset, length));
            }
        }
    }

    @Test
    void differencesAreTheChunksThatDiffer() {
        BitSet different = new BitSet();
        for (int chunk = 0; chunk < disk.chunks(); chunk++) {
            int from = chunk * Workbench.CHUNK;
            if (!Arrays.equals(firstBytes, from, disk.end(chunk), disk.bytes, from, disk.end(chunk))) {
                different.set(from, disk.end(chunk));
            }
        }
        try (Serving serving = repository.serving(ServeLimits.DEFAULT)) {
            ServedPoint point = serving.open(PointContent.of(second));
            for (int i = 0; i < 100; i++) {
                int offset = random.nextInt(SIZE);
                int length = random.nextInt(SIZE - offset) + 1;
                BitSet told = new BitSet();
                long[] at = {offset};
                point.differences(first.root(), offset, length, (size, set) -> {
                    told.set((int) at[0], (int) (at[0] + size), set);
                    at[0] += size;
                    return true;
                });
                assertThat(told).isEqualTo(within(different, offset, length));
            }
            List<Boolean> ended = new ArrayList<>();
            point.differences(first.root(), 0, SIZE, (_, set) -> {
                ended.add(set);
                return false;
            });
            assertThat(ended).hasSize(1);
        }
    }

    @Test
    void aDamagedPackIsToldAndNoByteOfItGivenOut() throws IOException {
        try (Stream<Path> files = Files.walk(directory.resolve("packs"))) {
            for (Path pack : files.filter(Files::isRegularFile).toList()) {
                byte[] bytes = Files.readAllBytes(pack);
                bytes[100] ^= 1;
                assertThat(pack.toFile().setWritable(true)).isTrue();
                Files.write(pack, bytes);
            }
        }
        try (Serving serving = repository.serving(ServeLimits.DEFAULT)) {
            ServedPoint point = serving.open(PointContent.of(second));
            assertThatThrownBy(() -> point.read(0, SIZE))
                    .isInstanceOfSatisfying(
                            StorageException.class, e -> assertThat(e.code()).isEqualTo(StorageErrorCode.DATA_DAMAGED));
        }
    }

    @Test
    void aRebuildOfTheCatalogDoesNotDisturbReaders() {
        try (Serving serving = repository.serving(SMALL)) {
            ServedPoint point = serving.open(PointContent.of(second));
            read(point.read(0, SIZE / 2));
            repository.rebuild(_ -> {});
            assertThat(read(point.read(0, SIZE))).isEqualTo(disk.bytes);
        }
    }

    @Test
    void aProtectedPointCanBeReadAfterItsDeletion() {
        UUID holder = UUID.randomUUID();
        PointRecord point = repository.protect(holder, second.id());
        repository.deletePoint(second.id());
        repository.protectAgain(holder, second.id(), point.root());
        try (Serving serving = repository.serving(ServeLimits.DEFAULT)) {
            assertThat(read(serving.open(PointContent.of(point)).read(0, SIZE))).isEqualTo(disk.bytes);
        }
        assertThatThrownBy(() -> repository.protect(UUID.randomUUID(), second.id()))
                .hasMessageContaining(second.id().toString());
        repository.unprotect(holder);
        assertThatThrownBy(() -> repository.protectAgain(holder, second.id(), point.root()))
                .isInstanceOfSatisfying(
                        StorageException.class, e -> assertThat(e.code()).isEqualTo(StorageErrorCode.LEASE_LOST));
    }

    @Test
    void reclaimingLeavesWhatIsServedAndTakesItOnceNobodyServesIt() {
        UUID holder = UUID.randomUUID();
        PointRecord point = repository.protect(holder, second.id());
        repository.deletePoint(first.id());
        repository.deletePoint(second.id());
        ReclaimLimits atOnce = new ReclaimLimits(Duration.ZERO, 0.5, 1L << 30);
        try (Serving serving = repository.serving(SMALL)) {
            ServedPoint served = serving.open(PointContent.of(point));
            read(served.read(0, SIZE / 3));
            repository.reclaim(atOnce);
            repository.reclaim(atOnce);
            assertThat(read(served.read(0, SIZE))).isEqualTo(disk.bytes);
        }
        try (Serving cold = repository.serving(SMALL)) {
            assertThat(read(cold.open(PointContent.of(point)).read(0, SIZE))).isEqualTo(disk.bytes);
        }
        repository.unprotect(holder);
        repository.reclaim(atOnce);
        repository.reclaim(atOnce);
        assertThat(repository.totals().packs()).isZero();
    }

    @Test
    void aProtectionIsRenewedAfterARebuild() {
        UUID holder = UUID.randomUUID();
        repository.protect(holder, second.id());
        repository.rebuild(_ -> {});
        repository.protectAgain(holder, second.id(), second.root());
        repository.protectAgain(holder, second.id(), second.root());
    }

    @Test
    void theFirstByteOfAColdPointComesAtOnce() {
        try (Repository cold = Repository.open(DirectoryBlobStore.open(directory), new Unlock.Nothing(), database);
                Serving serving = cold.serving(ServeLimits.DEFAULT)) {
            long begun = System.nanoTime();
            read(serving.open(PointContent.of(cold.point(second.id()))).read(0, 1));
            assertThat(Duration.ofNanos(System.nanoTime() - begun)).isLessThan(Duration.ofMillis(500));
        }
    }

    private static BitSet within(BitSet all, int offset, int length) {
        BitSet part = (BitSet) all.clone();
        part.clear(0, offset);
        part.clear(offset + length, Math.max(offset + length, all.length()));
        return part;
    }

    private static byte[] read(@Nullable List<DiskPiece> pieces) {
        int length = pieces.stream().mapToInt(piece -> (int) piece.length()).sum();
        byte[] bytes = new byte[length];
        int at = 0;
        for (DiskPiece piece : pieces) {
            if (piece instanceof DiskPiece.Data data) {
                data.bytes().duplicate().get(bytes, at, (int) data.length());
                data.release();
            }
            at += (int) piece.length();
        }
        return bytes;
    }
}
