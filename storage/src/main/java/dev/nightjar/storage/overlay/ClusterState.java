package dev.nightjar.storage.overlay;

/**
 * What an overlay knows of one cluster; a block that is in neither set is the base's.
 *
 * @param slot where its blocks lie in the data file; {@link #NO_SLOT} if it has none
 * @param present the blocks that lie there
 * @param zero the blocks that are zero
 */
record ClusterState(int slot, int present, int zero) {

    static final int NO_SLOT = -1;

    /** Nothing was written. */
    static final ClusterState BASE = new ClusterState(NO_SLOT, 0, 0);

    /** All of it is zero. */
    static final ClusterState ZERO = new ClusterState(NO_SLOT, 0, OverlayLayout.ALL);

    ClusterState {
        if ((present & zero) != 0 || (slot == NO_SLOT) != (present == 0)) {
            throw new IllegalArgumentException("slot " + slot + ", blocks " + present + ", zeros " + zero);
        }
    }

    static ClusterState unpack(long packed) {
        return new ClusterState((int) packed, (int) (packed >>> 32) & OverlayLayout.ALL, (int) (packed >>> 48));
    }

    long pack() {
        return (slot & 0xffff_ffffL) | ((long) present << 32) | ((long) zero << 48);
    }

    /** After blocks were written to a slot. */
    ClusterState written(int newSlot, int blocks) {
        return new ClusterState(newSlot, present | blocks, zero & ~blocks);
    }

    /** After blocks became zero. */
    ClusterState zeroed(int blocks) {
        int left = present & ~blocks;
        return new ClusterState(left == 0 ? NO_SLOT : slot, left, zero | blocks);
    }

    BlockKind kind(int block) {
        int bit = 1 << block;
        if ((present & bit) != 0) {
            return BlockKind.DATA;
        }
        return (zero & bit) != 0 ? BlockKind.ZERO : BlockKind.BASE;
    }
}
