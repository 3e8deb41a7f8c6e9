package dev.nightjar.storage.chunk;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.math.BigInteger;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.LongRange;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ChunkSizeTest {

    @Property
    void chunksTileTheDisk(
            @ForAll @IntRange(min = 12, max = 20) int shift, @ForAll @LongRange(min = 1) long diskBytes) {
        ChunkSize size = new ChunkSize(1 << shift);
        long count = size.count(diskBytes);
        BigInteger expected = BigInteger.valueOf(diskBytes)
                .add(BigInteger.valueOf(size.bytes() - 1L))
                .shiftRight(shift);
        assertThat(BigInteger.valueOf(count)).isEqualTo(expected);
        long last = count - 1;
        assertThat(size.offset(last) + size.length(last, diskBytes)).isEqualTo(diskBytes);
        assertThat(size.number(diskBytes - 1)).isEqualTo(last);
        assertThat(size.length(0, diskBytes)).isEqualTo((int) Math.min(diskBytes, size.bytes()));
    }

    @Test
    void theLargestDiskHasTwoToThe47Chunks() {
        assertThat(ChunkSize.DEFAULT.count(Long.MAX_VALUE)).isEqualTo(1L << 47);
        assertThat(ChunkSize.DEFAULT.length((1L << 47) - 1, Long.MAX_VALUE)).isEqualTo(65535);
        assertThat(ChunkSize.DEFAULT.count(0)).isZero();
    }

    @ParameterizedTest
    @ValueSource(ints = {0, -65536, 2048, 65535, 65537, 2 * 1024 * 1024, Integer.MIN_VALUE})
    void sizesThatNoRepositoryMayHaveAreRefused(int bytes) {
        assertThatIllegalArgumentException().isThrownBy(() -> new ChunkSize(bytes));
    }

    @Test
    void whatIsOutsideADiskIsRefused() {
        assertThatIllegalArgumentException().isThrownBy(() -> ChunkSize.DEFAULT.length(1, 65536));
        assertThatIllegalArgumentException().isThrownBy(() -> ChunkSize.DEFAULT.offset(1L << 47));
        assertThatIllegalArgumentException().isThrownBy(() -> ChunkSize.DEFAULT.number(-1));
    }
}
