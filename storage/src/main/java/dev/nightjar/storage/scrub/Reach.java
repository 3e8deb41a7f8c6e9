package dev.nightjar.storage.scrub;

import dev.nightjar.storage.point.DamagedRanges;
import dev.nightjar.storage.point.DamagedRanges.Range;
import java.util.ArrayList;
import java.util.List;

/**
 * The part of one point's disk that damage in the repository reaches: it cannot be read, everything else can. Immutable.
 *
 * @param bytes how much that is; where a node of the map is damaged, all that lies below it
 * @param rangeCount in how many ranges, neighbours taken together
 * @param ranges the first of them, ascending
 * @param end where the last of all ranges ends
 * @param map whether nodes of the point's map are damaged, so that nobody can tell what would be there
 */
public record Reach(long bytes, long rangeCount, List<Range> ranges, long end, boolean map) {

    /** Nothing of the disk. */
    public static final Reach NONE = new Reach(0, 0, List.of(), 0, false);

    /** Copies the list. */
    public Reach {
        ranges = List.copyOf(ranges);
    }

    /** Whether the whole disk can be read. */
    public boolean isEmpty() {
        return rangeCount == 0;
    }

    /** Everything that it reaches, as ranges that a point could record; if these are too many, the last of them covers the rest and what lies between. */
    public DamagedRanges covering() {
        if (rangeCount == ranges.size()) {
            return new DamagedRanges(ranges);
        }
        List<Range> covering = new ArrayList<>(ranges.subList(0, ranges.size() - 1));
        long rest = ranges.getLast().offset();
        covering.add(new Range(rest, end - rest));
        return new DamagedRanges(covering);
    }

    /** Gathers what damage reaches, in ascending order. */
    static final class Builder {

        private final int most;
        private final List<Range> ranges = new ArrayList<>();
        private long count;
        private long bytes;
        private long from;
        private long to;
        private boolean map;

        /** Keeps so many ranges; counts all of them. */
        Builder(int most) {
            this.most = most;
        }

        void add(long offset, long length) {
            bytes += length;
            if (count > 0 && offset == to) {
                to += length;
                return;
            }
            keep();
            count++;
            from = offset;
            to = offset + length;
        }

        void addMap(long offset, long length) {
            map = true;
            add(offset, length);
        }

        Reach build() {
            keep();
            return new Reach(bytes, count, ranges, to, map);
        }

        private void keep() {
            if (count > 0 && ranges.size() < most) {
                ranges.add(new Range(from, to - from));
            }
        }
    }
}
