package dev.nightjar.storage.overlay;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Consumer;

/**
 * Where everything is that was written, in memory: about 100 bytes for a cluster that has data, and for a range of zeros however long it is. Used under its owner's lock.
 */
final class OverlayIndex {

    /** More ranges of zeros than this are refused; they cost memory but no space. */
    static final int MAX_ZERO_RANGES = 1 << 20;

    private final OverlayLayout layout;
    private final Slots slots = new Slots();
    private final TreeMap<Long, Long> clusters = new TreeMap<>();
    private final ZeroRanges zeros = new ZeroRanges();
    private long blocks;

    OverlayIndex(OverlayLayout layout) {
        this.layout = layout;
    }

    Slots slots() {
        return slots;
    }

    /** What the data takes, in bytes. */
    long usedBytes() {
        return blocks * layout.blockBytes();
    }

    boolean hasRoomForZeros() {
        return zeros.size() < MAX_ZERO_RANGES;
    }

    /** Whether clusters are zero as a whole from {@code from} up to but not including {@code to}. */
    boolean isZero(long from, long to) {
        return zeros.endAt(from) >= to;
    }

    ClusterState get(long cluster) {
        Long packed = clusters.get(cluster);
        if (packed != null) {
            return ClusterState.unpack(packed);
        }
        return zeros.contains(cluster) ? ClusterState.ZERO : ClusterState.BASE;
    }

    void put(long cluster, ClusterState state) {
        if (state.equals(ClusterState.ZERO)) {
            zero(cluster, cluster + 1);
            return;
        }
        zeros.remove(cluster);
        Long before = clusters.put(cluster, state.pack());
        if (before != null) {
            drop(ClusterState.unpack(before), state.slot());
        }
        blocks += Integer.bitCount(state.present());
    }

    /** Makes clusters zero from {@code from} up to but not including {@code to}. */
    void zero(long from, long to) {
        Map<Long, Long> gone = clusters.subMap(from, to);
        gone.values().forEach(packed -> drop(ClusterState.unpack(packed), ClusterState.NO_SLOT));
        gone.clear();
        zeros.add(from, to);
    }

    /** Calls once everything was put: slots that nothing names are free. */
    void settle() {
        List<Integer> used = new ArrayList<>();
        for (long packed : clusters.values()) {
            ClusterState state = ClusterState.unpack(packed);
            if (state.slot() != ClusterState.NO_SLOT) {
                used.add(state.slot());
            }
        }
        slots.occupy(used);
    }

    /** What it would take to make this index again: as many records as {@link #size}. */
    void describe(Consumer<JournalRecord> records) {
        clusters.forEach(
                (cluster, packed) -> records.accept(new JournalRecord.Cluster(cluster, ClusterState.unpack(packed))));
        zeros.all().forEach((from, to) -> records.accept(new JournalRecord.Zero(from, to - from)));
    }

    int size() {
        return clusters.size() + zeros.size();
    }

    /** How long, from {@code offset} on, the disk is of one kind; at most up to {@code end}. */
    KindRun run(long offset, long end) {
        long cluster = layout.cluster(offset);
        Long packed = clusters.get(cluster);
        if (packed == null) {
            long zeroEnd = zeros.endAt(cluster);
            if (zeroEnd > cluster) {
                return new KindRun(BlockKind.ZERO, Math.min(end, startOf(zeroEnd)) - offset);
            }
            Long next = clusters.higherKey(cluster);
            long baseEnd = Math.min(zeros.nextAfter(cluster), next == null ? Long.MAX_VALUE : next);
            return new KindRun(BlockKind.BASE, Math.min(end, startOf(baseEnd)) - offset);
        }
        ClusterState state = ClusterState.unpack(packed);
        int block = (int) ((offset - layout.start(cluster)) / layout.blockBytes());
        BlockKind kind = state.kind(block);
        int last = block + 1;
        while (last < OverlayLayout.BLOCKS && state.kind(last) == kind) {
            last++;
        }
        long inCluster = layout.start(cluster) + (long) last * layout.blockBytes();
        return new KindRun(kind, Math.min(end, inCluster < 0 ? end : inCluster) - offset);
    }

    private long startOf(long cluster) {
        return cluster > Long.MAX_VALUE / layout.clusterBytes() ? Long.MAX_VALUE : layout.start(cluster);
    }

    private void drop(ClusterState state, int slotThatStays) {
        blocks -= Integer.bitCount(state.present());
        if (state.slot() != ClusterState.NO_SLOT && state.slot() != slotThatStays) {
            slots.giveUp(state.slot());
        }
    }
}
