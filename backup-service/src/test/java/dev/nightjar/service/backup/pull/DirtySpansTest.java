package dev.nightjar.service.backup.pull;

import static org.assertj.core.api.Assertions.assertThat;

import dev.nightjar.storage.point.DamagedRanges.Range;
import java.util.ArrayList;
import java.util.List;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;

class DirtySpansTest {

    private static final int CHUNK = 64 << 10;

    private record Span(long offset, long end, List<Range> dirty) {}

    private static List<Span> spans(long size, List<Range> dirty) {
        List<Span> spans = new ArrayList<>();
        DirtySpans collector = new DirtySpans(
                size, CHUNK, (offset, end, ranges) -> spans.add(new Span(offset, end, List.copyOf(ranges))));
        dirty.forEach(range -> collector.dirty(range.offset(), range.end()));
        collector.finish();
        return spans;
    }

    @Example
    void farApartAreAskedForApart() {
        long far = CHUNK + DirtySpans.GAP_BYTES + CHUNK;
        assertThat(spans(1L << 40, List.of(new Range(100, 512), new Range(far + 7, 1))))
                .containsExactly(
                        new Span(0, CHUNK, List.of(new Range(100, 512))),
                        new Span(far, far + CHUNK, List.of(new Range(far + 7, 1))));
    }

    @Example
    void neighboursAreAskedForTogether() {
        List<Range> dirty = List.of(new Range(0, 1), new Range(DirtySpans.GAP_BYTES + CHUNK, 1));
        assertThat(spans(1L << 40, dirty)).containsExactly(new Span(0, DirtySpans.GAP_BYTES + 2 * CHUNK, dirty));
    }

    @Example
    void theLastSpanEndsWithTheDisk() {
        assertThat(spans(CHUNK + 512, List.of(new Range(CHUNK, 512))))
                .containsExactly(new Span(CHUNK, CHUNK + 512, List.of(new Range(CHUNK, 512))));
    }

    @Example
    void nothingDirtyIsNoSpan() {
        assertThat(spans(1L << 40, List.of())).isEmpty();
    }

    /** Steps of sectors: mostly within a chunk, sometimes far. */
    @Property(tries = 300)
    void spansAreWholeChunksInOrderAndHoldEveryRange(
            @ForAll @Size(max = 10_000) List<@IntRange(min = 1, max = 100_000) Integer> steps) {
        List<Range> dirty = new ArrayList<>();
        long at = 0;
        for (int step : steps) {
            long offset = at + (step % 10 == 0 ? step : step % 300) * 512L;
            dirty.add(new Range(offset, 512L * (1 + step % 5)));
            at = dirty.getLast().end();
        }
        long size = at + 512;
        List<Range> held = new ArrayList<>();
        long end = 0;
        for (Span span : spans(size, dirty)) {
            assertThat(span.offset() % CHUNK).isZero();
            assertThat(span.end() % CHUNK == 0 || span.end() == size).isTrue();
            assertThat(span.offset()).isGreaterThanOrEqualTo(end);
            assertThat(span.dirty().size()).isLessThan(DirtySpans.MAX_RANGES + CHUNK / 512);
            assertThat(span.dirty().getFirst().offset()).isBetween(span.offset(), span.end());
            assertThat(span.dirty().getLast().end()).isLessThanOrEqualTo(span.end());
            held.addAll(span.dirty());
            end = span.end();
        }
        assertThat(held).isEqualTo(dirty);
    }
}
