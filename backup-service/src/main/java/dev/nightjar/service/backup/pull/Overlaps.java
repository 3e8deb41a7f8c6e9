package dev.nightjar.service.backup.pull;

import dev.nightjar.storage.point.DamagedRanges.Range;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Cuts what is known of a disk, from front to back, where ranges begin and end. Confined to one thread. */
final class Overlaps {

    /** Takes the pieces, from front to back. */
    @FunctionalInterface
    interface Sink {
        /** A piece that lies in one of the ranges, or in none. */
        void piece(long offset, long end, boolean inside);
    }

    private final List<Range> ranges;
    private int next;

    /**
     * For ranges in ascending order.
     *
     * @param ranges must not change
     */
    Overlaps(List<Range> ranges) {
        this.ranges = ranges;
    }

    /** Cuts the next extent, which begins where the last one ended or behind. */
    void cut(long offset, long end, Sink sink) {
        long at = offset;
        while (at < end) {
            Range range = following(at);
            boolean inside = range != null && range.offset() <= at;
            long stop = range == null ? end : Math.min(end, inside ? range.end() : range.offset());
            sink.piece(at, stop, inside);
            at = stop;
        }
    }

    private @Nullable Range following(long at) {
        while (next < ranges.size() && ranges.get(next).end() <= at) {
            next++;
        }
        return next < ranges.size() ? ranges.get(next) : null;
    }
}
