package dev.nightjar.storage.offline;

import dev.nightjar.storage.point.DamagedRanges.Range;
import dev.nightjar.storage.point.PointRecord;
import java.util.ArrayList;
import java.util.List;

/**
 * The part of a point's disk that cannot be read any more. Immutable.
 *
 * @param point the point
 * @param bytes how much that is
 * @param rangeCount in how many ranges, neighbours taken together
 * @param ranges the first {@value #MOST_RANGES} of them, ascending
 * @param missingChunks how many chunks lie in no pack that can be read
 * @param damagedChunks how many chunks are not what was written
 * @param mapNodes how many nodes of the map cannot be read; what lies below them counts with its whole length, for nobody can tell what of it was zero
 */
public record UnreadablePart(
        PointRecord point,
        long bytes,
        long rangeCount,
        List<Range> ranges,
        long missingChunks,
        long damagedChunks,
        long mapNodes) {

    /** Most ranges that are listed. */
    public static final int MOST_RANGES = 1000;

    /** Copies the list. */
    public UnreadablePart {
        ranges = List.copyOf(ranges);
    }

    /** Whether the whole disk can be read. */
    boolean isEmpty() {
        return rangeCount == 0;
    }

    /** Gathers ranges in ascending order. Used by one thread. */
    static final class Builder {

        private final List<Range> ranges = new ArrayList<>();
        private long bytes;
        private long count;
        private long from;
        private long to;
        private long missing;
        private long damaged;
        private long nodes;

        void missingChunk(long offset, long length) {
            missing++;
            add(offset, length);
        }

        void damagedChunk(long offset, long length) {
            damaged++;
            add(offset, length);
        }

        void node(long offset, long length) {
            nodes++;
            add(offset, length);
        }

        UnreadablePart build(PointRecord point) {
            keep();
            return new UnreadablePart(point, bytes, count, ranges, missing, damaged, nodes);
        }

        private void add(long offset, long length) {
            bytes += length;
            if (count == 0 || offset != to) {
                keep();
                count++;
                from = offset;
            }
            to = offset + length;
        }

        private void keep() {
            if (count > 0 && ranges.size() < MOST_RANGES) {
                ranges.add(new Range(from, to - from));
            }
        }
    }
}
