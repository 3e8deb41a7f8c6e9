package dev.nightjar.cli.copy;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;

class ZeroRunsTest {

    @Property
    void runsAreTheBufferAndZeroExactlyWhereAWholeGranuleIs(
            @ForAll @IntRange(min = 1, max = 300_000) int length,
            @ForAll @IntRange(min = 9, max = 17) int granuleBits,
            @ForAll Random random) {
        int granule = 1 << granuleBits;
        ByteBuf data = Unpooled.directBuffer(length + 3);
        data.writeZero(length + 3).readerIndex(3);
        for (int i = random.nextInt(6); i > 0; i--) {
            data.setByte(3 + random.nextInt(length), 1);
        }
        int[] end = {0};
        boolean[] before = {false};
        ZeroRuns.split(data, granule, (start, runLength, zero) -> {
            assertThat(start).isEqualTo(end[0]);
            assertThat(start == 0 || zero != before[0])
                    .as("neighbours are joined")
                    .isTrue();
            for (int at = start; at < start + runLength; at += granule) {
                assertThat(zeros(data, at, Math.min(granule, length - at))).isEqualTo(zero);
            }
            end[0] = start + runLength;
            before[0] = zero;
        });
        assertThat(end[0]).isEqualTo(length);
        data.release();
    }

    private static boolean zeros(ByteBuf data, int from, int length) {
        return data.forEachByte(3 + from, length, value -> value == 0) < 0;
    }
}
