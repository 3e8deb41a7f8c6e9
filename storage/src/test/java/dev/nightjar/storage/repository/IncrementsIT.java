package dev.nightjar.storage.repository;

import static org.assertj.core.api.Assertions.assertThat;

import dev.nightjar.storage.blob.DirectoryBlobStore;
import dev.nightjar.storage.catalog.CatalogServer;
import dev.nightjar.storage.ingest.DiskIngest;
import dev.nightjar.storage.ingest.IngestSession;
import dev.nightjar.storage.key.Unlock;
import dev.nightjar.storage.map.MapRoot;
import dev.nightjar.storage.point.CaptureMode;
import dev.nightjar.storage.point.DamagedRanges.Range;
import dev.nightjar.storage.point.PointRecord;
import dev.nightjar.storage.point.PointTotals;
import dev.nightjar.storage.rebuild.ProgressListener;
import dev.nightjar.storage.recover.RecoveryPointReader;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Random;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@Timeout(120)
class IncrementsIT {

    @TempDir
    Path directory;

    private Repository repository;

    @BeforeEach
    void create() {
        repository = Workbench.create(DirectoryBlobStore.create(directory), CatalogServer.freshDatabase());
    }

    @AfterEach
    void close() {
        repository.close();
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 4095, 4096, 4097, 64 * 4096, 64 * 4096 + 1, 3_000_000})
    void everyPointOfAHistoryRestoresAsItWas(int size) {
        long seed = 42L + size;
        Random random = new Random(seed);
        DiskModel disk = new DiskModel(size, Workbench.CHUNK);
        Map<UUID, byte[]> expected = new LinkedHashMap<>();
        UUID parent = null;
        for (int step = 0; step < 8; step++) {
            disk.scribble(random, step == 3 ? 0 : 12);
            PointRecord point = Workbench.capture(repository, disk, parent);
            expected.put(point.id(), disk.bytes.clone());
            parent = point.id();
        }
        expected.forEach((point, bytes) -> assertThat(Workbench.restore(repository, point))
                .as("seed " + seed)
                .isEqualTo(bytes));
        assertThat(repository.points()).extracting(PointRecord::id).containsExactlyElementsOf(expected.keySet());
        assertThat(repository.catalogState()).isEqualTo(CatalogState.MATCHES);
    }

    @Test
    void anyRangeReadsAsTheDiskWas() {
        long seed = 7;
        Random random = new Random(seed);
        DiskModel disk = new DiskModel(1_234_567, Workbench.CHUNK);
        disk.scribble(random, 40);
        RecoveryPointReader reader =
                repository.reader(Workbench.capture(repository, disk, null).id());
        for (int i = 0; i < 200; i++) {
            int from = random.nextInt(disk.bytes.length);
            int length = random.nextInt(Math.min(disk.bytes.length - from, i % 2 == 0 ? 300_000 : 5000) + 1);
            byte[] expected = java.util.Arrays.copyOfRange(disk.bytes, from, from + length);
            ByteBuffer target = ByteBuffer.allocate(length + 7).position(7);
            reader.read(from, target);
            assertThat(java.util.Arrays.copyOfRange(target.array(), 7, length + 7))
                    .as("seed " + seed)
                    .isEqualTo(expected);
            assertThat(Workbench.part(reader, from, length)).as("seed " + seed).isEqualTo(expected);
        }
    }

    @Test
    void damageIsKeptUntilItsChunksAreReadAgainAlsoThroughARebuild() {
        DiskModel disk = new DiskModel(64 * Workbench.CHUNK, Workbench.CHUNK);
        disk.scribble(new Random(3), 30);
        PointRecord full = captureDamaged(disk, null, 0, 5 * Workbench.CHUNK + 512, 20 * Workbench.CHUNK);
        disk.dirty.clear();
        disk.dirty.set(5);
        PointRecord increment = captureDamaged(disk, full.id(), 5, 5 * Workbench.CHUNK + 1024);
        PointRecord again = captureDamaged(disk, null, 0);

        repository.rebuild(ProgressListener.NONE);

        assertThat(repository.point(full.id()).damaged().ranges())
                .containsExactly(new Range(5 * Workbench.CHUNK + 512, 512), new Range(20 * Workbench.CHUNK, 512));
        assertThat(repository.point(increment.id()).damaged().ranges())
                .containsExactly(new Range(5 * Workbench.CHUNK + 1024, 512), new Range(20 * Workbench.CHUNK, 512));
        assertThat(repository.point(again.id()).damaged().isEmpty()).isTrue();
    }

    /** A full capture, or an increment of one chunk, of which 512 bytes at some offsets cannot be read. */
    private PointRecord captureDamaged(DiskModel disk, UUID parent, int chunk, int... offsets) {
        byte[] read = disk.bytes.clone();
        for (int offset : offsets) {
            java.util.Arrays.fill(read, offset, offset + 512, (byte) 0);
        }
        try (IngestSession session = repository.beginIngest(Workbench.lease())) {
            DiskIngest ingest = session.disk(Workbench.describe(disk, "vda"), parent);
            int from = chunk * Workbench.CHUNK;
            int length = parent == null ? read.length : Workbench.CHUNK;
            ingest.data(from, ByteBuffer.wrap(read, from, length));
            for (int offset : offsets) {
                ingest.damaged(offset, 512);
            }
            return session.commit(Workbench.facts()).points().getFirst();
        }
    }

    @Test
    void theSameContentHasTheSameRootAndStoresNothingNew() {
        DiskModel disk = new DiskModel(2_000_000, Workbench.CHUNK);
        disk.scribble(new Random(5), 50);
        PointRecord first = Workbench.capture(repository, disk, null);
        RepositoryTotals before = repository.totals();

        PointRecord again = Workbench.capture(repository, disk, null);

        assertThat(again.root()).isEqualTo(first.root());
        assertThat(again.totals().newBytes()).isZero();
        assertThat(again.totals().storedBytes()).isZero();
        assertThat(again.totals().deduplicatedBytes())
                .isEqualTo(first.totals().newBytes() + first.totals().deduplicatedBytes());
        RepositoryTotals after = repository.totals();
        assertThat(after.packs()).isEqualTo(before.packs());
        assertThat(after.storedBytes()).isEqualTo(before.storedBytes());
        assertThat(after.points()).isEqualTo(2);
    }

    @Test
    void anIncrementCostsWhatChanged() {
        DiskModel disk = new DiskModel(4_000_000, Workbench.CHUNK);
        byte[] noise = new byte[disk.bytes.length];
        new Random(9).nextBytes(noise);
        disk.write(0, noise);
        PointRecord full = Workbench.capture(repository, disk, null);
        long chunksBefore = repository.totals().chunks();

        byte[] change = new byte[10];
        new Random(10).nextBytes(change);
        disk.write(1_000_000, change);
        PointRecord increment = Workbench.capture(repository, disk, full.id());

        assertThat(full.mode()).isEqualTo(CaptureMode.FULL);
        assertThat(increment.mode()).isEqualTo(CaptureMode.INCREMENTAL);
        assertThat(increment.parentId()).isEqualTo(full.id());
        assertThat(increment.totals())
                .isEqualTo(new PointTotals(Workbench.CHUNK, 0, Workbench.CHUNK, 0, Workbench.CHUNK));
        // The chunk, and the nodes above it: one of each of the two levels.
        assertThat(repository.totals().chunks()).isEqualTo(chunksBefore + 3);
    }

    @Test
    void theCountersOfADiskAddUp() {
        DiskModel disk = new DiskModel(3_333_333, Workbench.CHUNK);
        disk.scribble(new Random(21), 60);
        PointTotals totals = Workbench.capture(repository, disk, null).totals();
        assertThat(totals.newBytes() + totals.deduplicatedBytes() + totals.zeroBytes())
                .isEqualTo(disk.bytes.length);
        assertThat(totals.newBytes()).isPositive();
        assertThat(totals.deduplicatedBytes()).isPositive();
        assertThat(totals.zeroBytes()).isPositive();
        assertThat(totals.storedBytes()).isPositive().isLessThan(totals.newBytes());
    }

    @Test
    void aMapThatFillsSeveralPacksIsStoredBehindItsData() {
        DiskModel disk = new DiskModel(80 << 20, Workbench.CHUNK);
        byte[] noise = new byte[disk.bytes.length];
        new Random(11).nextBytes(noise);
        disk.write(0, noise);
        PointRecord point = Workbench.capture(repository, disk, null);
        // 320 nodes of 64 ids, in packs of 256 KiB.
        assertThat(repository.totals().chunks()).isEqualTo(20_480 + 320 + 5 + 1);
        assertThat(Workbench.restore(repository, point.id())).isEqualTo(disk.bytes);
        try (Repository elsewhere = Repository.open(
                DirectoryBlobStore.open(directory), new Unlock.Nothing(), CatalogServer.freshDatabase())) {
            assertThat(elsewhere.rebuild(ProgressListener.NONE).points()).isEqualTo(1);
        }
    }

    @Test
    void anEmptyDiskAndADiskOfZerosArePoints() {
        DiskModel zeros = new DiskModel(1_000_000, Workbench.CHUNK);
        PointRecord point = Workbench.capture(repository, zeros, null);
        assertThat(point.root()).isEqualTo(MapRoot.zero(245));
        assertThat(Workbench.restore(repository, point.id())).isEqualTo(zeros.bytes);
        DiskModel empty = new DiskModel(0, Workbench.CHUNK);
        assertThat(Workbench.restore(
                        repository, Workbench.capture(repository, empty, null).id()))
                .isEmpty();
    }
}
