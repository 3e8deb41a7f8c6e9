package dev.nightjar.storage.map;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import dev.nightjar.storage.chunk.ChunkId;
import java.util.Arrays;
import java.util.Objects;
import org.junit.jupiter.api.Test;

class MapWriterTest {

    private static final long LARGEST_DISK = 1L << 47;
    private static final ChunkId A = id(1);
    private static final ChunkId B = id(2);

    private final MemoryNodeStore store = new MemoryNodeStore();

    @Test
    void theRootIsThatOfTheFormat() {
        // Computed by a program that shares nothing with this one: 5000 chunks, three of them not zero.
        MapWriter writer = store.writer(MapRoot.zero(5000), 5000);
        writer.set(1, A);
        writer.set(63, B);
        writer.set(4096, id(3));
        MapRoot root = writer.finish();
        assertThat(root.levels()).isEqualTo(3);
        assertThat(Objects.requireNonNull(root.node()).hex())
                .isEqualTo("5479b2c7adb5d47673480f76fc5fb64e4530dc2a337905cb1f50a55d428cc1e2");
        ChunkId leaf = ChunkId.fromHex("cb9cd9b4f6d2b09771cfb26e3ec7872569d1cfcacf6f0c8e871b5317161c598b");
        assertThat(store.nodes).hasSize(5).containsKey(leaf);
    }

    @Test
    void anEmptyDiskAndAZeroDiskHaveNoNode() {
        assertThat(store.writer(MapRoot.zero(0), 0).finish()).isEqualTo(MapRoot.zero(0));
        MapWriter writer = store.writer(MapRoot.zero(100), 100);
        writer.zero(0, 50);
        writer.set(50, null);
        assertThat(writer.finish()).isEqualTo(new MapRoot(null, 100));
        assertThat(store.stores).isZero();
    }

    @Test
    void oneChangeOnTheLargestDiskTouchesOnePath() {
        MapRoot before = twoChunks(LARGEST_DISK);
        store.loads = 0;
        store.stores = 0;
        MapWriter writer = store.writer(before, LARGEST_DISK);
        writer.set(LARGEST_DISK - 2, B);
        MapRoot after = writer.finish();
        assertThat(store.loads).isEqualTo(8);
        assertThat(store.stores).isEqualTo(8);
        store.loads = 0;
        store.diff()
                .diff(before, after, (number, left, right) -> assertThat(number).isEqualTo(LARGEST_DISK - 2));
        assertThat(store.loads).isEqualTo(16);
    }

    @Test
    void whatIsExpectedIsFetchedLevelByLevelAndChangesNothing() {
        MapWriter first = store.writer(MapRoot.zero(8192), 8192);
        for (int number = 0; number < 8192; number += 50) {
            first.set(number, A);
        }
        MapRoot before = first.finish();
        MapWriter plain = store.writer(before, 8192);
        MapWriter told = store.writer(before, 8192);
        // Chunk 8100 lies in a leaf that all of the others are not in; 4095 and 4096 lie below different nodes of level
        // 1.
        long[] numbers = {5, 4095, 4096, 8100};
        store.expected.clear();
        told.expect(numbers);
        assertThat(store.expected).containsExactly(1, 2, 4);
        for (long number : numbers) {
            plain.set(number, B);
            told.set(number, B);
            told.expect(new long[] {8191});
        }
        assertThat(told.finish()).isEqualTo(plain.finish());
    }

    @Test
    void noChangeTouchesNothing() {
        MapRoot before = twoChunks(LARGEST_DISK);
        store.loads = 0;
        store.stores = 0;
        assertThat(store.writer(before, LARGEST_DISK).finish()).isEqualTo(before);
        assertThat(store.loads).isZero();
        assertThat(store.stores).isZero();
    }

    @Test
    void discardingALargeDiskCostsNoMoreThanItsEdges() {
        MapRoot before = twoChunks(LARGEST_DISK);
        store.loads = 0;
        store.stores = 0;
        MapWriter writer = store.writer(before, LARGEST_DISK);
        writer.zero(1, LARGEST_DISK - 2);
        assertThat(writer.finish()).isEqualTo(before);
        assertThat(store.loads).isLessThanOrEqualTo(16);
        MapWriter all = store.writer(before, LARGEST_DISK);
        all.zero(0, LARGEST_DISK);
        assertThat(all.finish()).isEqualTo(MapRoot.zero(LARGEST_DISK));
    }

    @Test
    void aDiskThatGrowsKeepsItsNodes() {
        MapWriter small = store.writer(MapRoot.zero(64), 64);
        small.set(5, A);
        MapRoot before = small.finish();
        MapRoot after = store.writer(before, 4097).finish();
        assertThat(after.levels()).isEqualTo(3);
        assertThat(store.reader().get(after, 5)).isEqualTo(A);
        assertThat(store.reader().get(after, 4096)).isNull();
        assertThat(store.nodes).hasSize(3);
        store.diff()
                .diff(before, after, (number, left, right) -> assertThat(number).isNegative());
        assertThat(store.writer(after, 64).finish()).isEqualTo(before);
    }

    @Test
    void changesMustAscendAndStayWithinTheDisk() {
        MapWriter writer = store.writer(MapRoot.zero(100), 100);
        writer.set(10, A);
        assertThatIllegalArgumentException().isThrownBy(() -> writer.set(10, B));
        assertThatIllegalArgumentException().isThrownBy(() -> writer.zero(9, 5));
        assertThatExceptionOfType(IndexOutOfBoundsException.class).isThrownBy(() -> writer.set(100, A));
        assertThatExceptionOfType(IndexOutOfBoundsException.class).isThrownBy(() -> writer.set(-1, A));
        assertThatExceptionOfType(IndexOutOfBoundsException.class).isThrownBy(() -> writer.zero(50, 51));
        assertThatExceptionOfType(IndexOutOfBoundsException.class).isThrownBy(() -> writer.zero(50, Long.MAX_VALUE));
        writer.zero(11, 89);
        writer.zero(100, 0);
        MapRoot root = writer.finish();
        assertThat(store.reader().get(root, 10)).isEqualTo(A);
        assertThatIllegalStateException().isThrownBy(() -> writer.set(100, A));
        assertThatIllegalStateException().isThrownBy(writer::finish);
    }

    @Test
    void mapsHaveLimits() {
        assertThatIllegalArgumentException().isThrownBy(() -> MapRoot.zero(-1));
        assertThatIllegalArgumentException().isThrownBy(() -> MapRoot.zero(MapRoot.MAX_CHUNKS + 1));
        assertThatIllegalArgumentException().isThrownBy(() -> new MapRoot(A, 0));
        assertThat(MapRoot.zero(MapRoot.MAX_CHUNKS).levels()).isEqualTo(8);
        assertThat(MapRoot.zero(LARGEST_DISK).levels()).isEqualTo(8);
        assertThat(MapRoot.zero(64).levels()).isEqualTo(1);
        assertThat(MapRoot.zero(65).levels()).isEqualTo(2);
        assertThatExceptionOfType(IndexOutOfBoundsException.class)
                .isThrownBy(() -> store.reader().get(MapRoot.zero(5), 5));
        assertThatExceptionOfType(IndexOutOfBoundsException.class)
                .isThrownBy(() -> store.reader().walk(MapRoot.zero(5), 0, 6, (number, id) -> {}));
    }

    private MapRoot twoChunks(long chunkCount) {
        MapWriter writer = store.writer(MapRoot.zero(chunkCount), chunkCount);
        writer.set(0, A);
        writer.set(chunkCount - 1, B);
        return writer.finish();
    }

    private static ChunkId id(int value) {
        byte[] bytes = new byte[32];
        Arrays.fill(bytes, (byte) value);
        return ChunkId.of(bytes);
    }
}
