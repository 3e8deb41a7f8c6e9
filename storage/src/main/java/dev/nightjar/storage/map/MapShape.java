package dev.nightjar.storage.map;

/**
 * The arithmetic of the tree. Level 0 holds chunk ids, the levels above hold ids of nodes of the level below; every node has {@link #FAN_OUT} places.
 */
final class MapShape {

    /** Places of a node. */
    static final int FAN_OUT = 64;

    private static final int BITS = 6;

    private MapShape() {}

    /** The least number of levels, but at least one, that has places for {@code chunkCount} chunks. */
    static int levels(long chunkCount) {
        int levels = 1;
        while (chunkCount > childSpan(levels)) {
            levels++;
        }
        return levels;
    }

    /** How many chunks lie below one place of a node of {@code level}. */
    static long childSpan(int level) {
        return 1L << (BITS * level);
    }

    /** The place that chunk {@code number} lies below, in its node of {@code level}. */
    static int place(long number, int level) {
        return (int) (number >>> (BITS * level)) & (FAN_OUT - 1);
    }

    /** The number of the node of {@code level} that chunk {@code number} lies below, counted from the left. */
    static long node(long number, int level) {
        return number >>> (BITS * (level + 1));
    }
}
