package dev.nightjar.storage.content;

import dev.nightjar.storage.catalog.ChunkLocation;

/**
 * Which frame.
 *
 * @param pack the catalog's number of the pack, which is never given to another pack
 * @param frame index of the frame in the pack's directory
 */
public record FrameKey(int pack, int frame) {

    /** The frame that a chunk lies in. */
    public static FrameKey of(ChunkLocation location) {
        return new FrameKey(location.pack(), location.frame());
    }
}
