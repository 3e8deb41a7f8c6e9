package dev.nightjar.storage.catalog;

import dev.nightjar.storage.pack.PackEntry;
import dev.nightjar.storage.pack.StoredPack;
import java.util.ArrayList;
import java.util.List;

/**
 * A chunk of a pack that is about to be recorded.
 *
 * @param key what it will be known by
 * @param frame index of its frame in the pack's directory
 * @param place index within the frame
 */
public record ChunkEntry(ChunkKey key, int frame, int place) {

    /** Every chunk that a pack's directory lists. */
    public static List<ChunkEntry> of(StoredPack pack) {
        List<ChunkEntry> chunks = new ArrayList<>();
        for (PackEntry frame : pack.entries()) {
            for (int place = 0; place < frame.chunks().size(); place++) {
                ChunkKey key = ChunkKey.of(frame.chunks().get(place).id());
                chunks.add(new ChunkEntry(key, frame.frameIndex(), place));
            }
        }
        return chunks;
    }
}
