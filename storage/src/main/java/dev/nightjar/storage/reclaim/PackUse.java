package dev.nightjar.storage.reclaim;

import dev.nightjar.storage.catalog.PackRow;

/**
 * How much of a pack is in use.
 *
 * @param pack the pack
 * @param liveChunks how many of the chunk rows that name it are needed by some point
 */
record PackUse(PackRow pack, int liveChunks) {

    boolean unused() {
        return liveChunks == 0;
    }

    boolean sparse(double share) {
        return !unused() && liveChunks <= share * pack.chunks();
    }
}
