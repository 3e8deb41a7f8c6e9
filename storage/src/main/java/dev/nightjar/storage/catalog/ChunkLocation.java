package dev.nightjar.storage.catalog;

import dev.nightjar.storage.seal.SealedFrame;

/**
 * Where a chunk lies.
 *
 * @param pack the catalog's number of the pack
 * @param frame index of the frame in the pack's directory
 * @param place index of the chunk within the frame
 */
public record ChunkLocation(int pack, int frame, int place) {

    /**
     * A chunk's row.
     *
     * @param slot frame and place in one number
     */
    static ChunkLocation of(int pack, int slot) {
        return new ChunkLocation(pack, slot / SealedFrame.MAX_CHUNKS, slot % SealedFrame.MAX_CHUNKS);
    }

    /** Frame and place in one number. */
    static int slot(int frame, int place) {
        return frame * SealedFrame.MAX_CHUNKS + place;
    }
}
