package dev.nightjar.storage.point;

import dev.nightjar.storage.StorageErrorCode;
import dev.nightjar.storage.StorageException;
import java.util.ArrayList;
import java.util.List;

/**
 * Where a disk could not be read when a point was taken; the point has zeros there instead of what the disk had. Immutable.
 *
 * @param ranges ascending, not empty, neither overlapping nor touching
 */
public record DamagedRanges(List<Range> ranges) {

    /** A disk that was read to its last byte. */
    public static final DamagedRanges NONE = new DamagedRanges(List.of());

    /** Most ranges that a point records. */
    public static final int MAX_RANGES = 4096;

    /**
     * Checks the order.
     *
     * @throws IllegalArgumentException if the ranges are too many, or not as described
     */
    public DamagedRanges {
        ranges = List.copyOf(ranges);
        if (ranges.size() > MAX_RANGES) {
            throw new IllegalArgumentException(ranges.size() + " damaged ranges, more than " + MAX_RANGES);
        }
        for (int i = 1; i < ranges.size(); i++) {
            if (ranges.get(i).offset <= ranges.get(i - 1).end()) {
                throw new IllegalArgumentException(ranges.get(i) + " after " + ranges.get(i - 1));
            }
        }
    }

    /**
     * A range of a disk.
     *
     * @param offset in bytes
     * @param length bytes, at least one
     */
    public record Range(long offset, long length) {

        /** Refuses what is no range. */
        public Range {
            if (offset < 0 || length < 1 || length > Long.MAX_VALUE - offset) {
                throw new IllegalArgumentException(length + " bytes at " + offset);
            }
        }

        /** The first byte after it. */
        public long end() {
            return offset + length;
        }
    }

    /** Whether the disk was read to its last byte. */
    public boolean isEmpty() {
        return ranges.isEmpty();
    }

    /** How many bytes could not be read. */
    public long bytes() {
        return ranges.stream().mapToLong(Range::length).sum();
    }

    /**
     * These and one more, which may overlap or touch others.
     *
     * @throws StorageException DAMAGE_TOO_SCATTERED if that were more than {@link #MAX_RANGES}
     */
    public DamagedRanges with(Range added) {
        List<Range> all = new ArrayList<>();
        long offset = added.offset;
        long end = added.end();
        int place = 0;
        for (Range range : ranges) {
            if (range.end() < offset) {
                all.add(range);
                place = all.size();
            } else if (range.offset > end) {
                all.add(range);
            } else {
                offset = Math.min(offset, range.offset);
                end = Math.max(end, range.end());
            }
        }
        all.add(place, new Range(offset, end - offset));
        if (all.size() > MAX_RANGES) {
            throw new StorageException(
                    StorageErrorCode.DAMAGE_TOO_SCATTERED,
                    "The disk cannot be read in more than " + MAX_RANGES + " places, the latest at offset "
                            + added.offset,
                    "A disk in that state wants replacing; copy what can be read with a rescue tool.");
        }
        return new DamagedRanges(all);
    }

    /** These but for what lies in a range. */
    public DamagedRanges without(Range removed) {
        List<Range> left = new ArrayList<>();
        for (Range range : ranges) {
            if (range.offset < removed.offset) {
                left.add(new Range(range.offset, Math.min(range.end(), removed.offset) - range.offset));
            }
            if (range.end() > removed.end()) {
                long offset = Math.max(range.offset, removed.end());
                left.add(new Range(offset, range.end() - offset));
            }
        }
        return new DamagedRanges(left);
    }
}
