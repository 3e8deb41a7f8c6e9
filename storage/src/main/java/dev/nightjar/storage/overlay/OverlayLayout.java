package dev.nightjar.storage.overlay;

/**
 * How an overlay cuts its disk: blocks are written whole, and sixteen of them share a slot in the data file. Immutable.
 *
 * @param blockBytes a power of two
 */
record OverlayLayout(int blockBytes) {

    static final int BLOCKS = 16;

    /** All blocks of a cluster. */
    static final int ALL = (1 << BLOCKS) - 1;

    /** 4 KiB, which is what guests write, in clusters of 64 KiB. */
    static final OverlayLayout DEFAULT = new OverlayLayout(4096);

    OverlayLayout {
        if (Integer.bitCount(blockBytes) != 1) {
            throw new IllegalArgumentException("a block has a power of two of bytes, not " + blockBytes);
        }
    }

    int clusterBytes() {
        return blockBytes * BLOCKS;
    }

    long cluster(long offset) {
        return offset / clusterBytes();
    }

    /** Where a cluster begins. */
    long start(long cluster) {
        return cluster * clusterBytes();
    }

    /** How many clusters a disk has, the short last one included. */
    long clusters(long sizeBytes) {
        return sizeBytes / clusterBytes() + (sizeBytes % clusterBytes() == 0 ? 0 : 1);
    }

    /** The blocks from {@code from} up to but not including {@code to}. */
    static int mask(int from, int to) {
        return from < to ? (ALL >>> (BLOCKS - (to - from))) << from : 0;
    }
}
