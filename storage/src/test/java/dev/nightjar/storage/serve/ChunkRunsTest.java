package dev.nightjar.storage.serve;

import static org.assertj.core.api.Assertions.assertThat;

import dev.nightjar.storage.chunk.ChunkSize;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import java.util.Set;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;
import org.junit.jupiter.api.Test;

class ChunkRunsTest {

    private static final ChunkSize CHUNK = new ChunkSize(4096);

    private record Run(long length, boolean set) {}

    @Property(tries = 500)
    void rangesAreByteForByteWhatTheChunksAre(
            @ForAll @IntRange(max = 300_000) int offset,
            @ForAll @IntRange(min = 1, max = 300_000) int length,
            @ForAll @Size(max = 60) Set<@IntRange(max = 146) Integer> chunks) {
        BitSet expected = new BitSet();
        chunks.forEach(chunk -> expected.set(chunk * 4096, (chunk + 1) * 4096));
        List<Run> told = tell(offset, length, chunks.stream().sorted().toList());
        long at = offset;
        for (Run run : told) {
            assertThat(run.length).isPositive();
            long end = at + run.length;
            int change = run.set ? expected.nextClearBit((int) at) : expected.nextSetBit((int) at);
            assertThat(change < 0 || change >= end)
                    .as("%s at %d of %s", run, at, told)
                    .isTrue();
            at = end;
        }
        assertThat(at).isEqualTo((long) offset + length);
    }

    @Test
    void neighboursAreOneRange() {
        assertThat(tell(0, 10 * 4096, List.of(2, 3, 4)))
                .containsExactly(new Run(8192, false), new Run(3 * 4096, true), new Run(5 * 4096, false));
    }

    @Test
    void aDiskThatEndsAtTheVeryLastByteIsNotOverrun() {
        List<Run> told = new ArrayList<>();
        long offset = Long.MAX_VALUE - 5000;
        ChunkRuns runs = new ChunkRuns(CHUNK, offset, Long.MAX_VALUE, (length, set) -> told.add(new Run(length, set)));
        assertThat(runs.set(CHUNK.number(Long.MAX_VALUE - 1))).isTrue();
        runs.finish();
        assertThat(told).containsExactly(new Run(5000 - 4095, false), new Run(4095, true));
    }

    @Test
    void aLongRangeIsToldInPartsSoThatItCanBeEnded() {
        List<Run> told = new ArrayList<>();
        ChunkRuns runs = new ChunkRuns(CHUNK, 0, 1L << 40, (length, set) -> {
            told.add(new Run(length, set));
            return false;
        });
        long chunk = 0;
        while (runs.set(chunk)) {
            chunk++;
        }
        assertThat(told).containsExactly(new Run(4096L << 18, true));
    }

    private static List<Run> tell(long offset, long length, List<Integer> chunks) {
        List<Run> told = new ArrayList<>();
        ChunkRuns runs = new ChunkRuns(CHUNK, offset, offset + length, (size, set) -> told.add(new Run(size, set)));
        for (int chunk : chunks) {
            if ((chunk + 1) * 4096L > offset && chunk * 4096L < offset + length) {
                assertThat(runs.set(chunk)).isTrue();
            }
        }
        runs.finish();
        return told;
    }
}
