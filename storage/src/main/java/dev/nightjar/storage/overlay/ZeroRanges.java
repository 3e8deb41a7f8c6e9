package dev.nightjar.storage.overlay;

import java.util.Map;
import java.util.TreeMap;

/** Ranges of clusters that are zero as a whole: neither overlapping nor touching. Used under its owner's lock. */
final class ZeroRanges {

    private final TreeMap<Long, Long> ends = new TreeMap<>();

    int size() {
        return ends.size();
    }

    boolean contains(long cluster) {
        return endAt(cluster) > cluster;
    }

    /** Where the range that contains a cluster ends; the cluster itself if none does. */
    long endAt(long cluster) {
        Map.Entry<Long, Long> range = ends.floorEntry(cluster);
        return range != null && range.getValue() > cluster ? range.getValue() : cluster;
    }

    /** The first range that begins after a cluster; the largest number if there is none. */
    long nextAfter(long cluster) {
        Long next = ends.higherKey(cluster);
        return next == null ? Long.MAX_VALUE : next;
    }

    void add(long from, long to) {
        long start = from;
        long end = to;
        Map.Entry<Long, Long> before = ends.floorEntry(from);
        if (before != null && before.getValue() >= from) {
            start = before.getKey();
            end = Math.max(end, before.getValue());
        }
        for (Map.Entry<Long, Long> next = ends.ceilingEntry(start);
                next != null && next.getKey() <= end;
                next = ends.ceilingEntry(start)) {
            end = Math.max(end, next.getValue());
            ends.remove(next.getKey());
        }
        ends.put(start, end);
    }

    void remove(long cluster) {
        Map.Entry<Long, Long> range = ends.floorEntry(cluster);
        if (range == null || range.getValue() <= cluster) {
            return;
        }
        ends.remove(range.getKey());
        if (range.getKey() < cluster) {
            ends.put(range.getKey(), cluster);
        }
        if (cluster + 1 < range.getValue()) {
            ends.put(cluster + 1, range.getValue());
        }
    }

    /** All of them: beginnings and ends. */
    Map<Long, Long> all() {
        return ends;
    }
}
