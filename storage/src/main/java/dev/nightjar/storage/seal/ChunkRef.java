package dev.nightjar.storage.seal;

import dev.nightjar.storage.chunk.ChunkId;
import java.util.ArrayList;
import java.util.List;

/**
 * One chunk of a frame.
 *
 * @param id what the chunk's plaintext must hash to
 * @param offset where it begins in the frame's plaintext, in bytes
 * @param length its length in bytes
 */
public record ChunkRef(ChunkId id, int offset, int length) {

    /** Refuses what no frame can contain. */
    public ChunkRef {
        if (offset < 0 || length <= 0 || length > SealedFrame.MAX_PLAIN_BYTES - offset) {
            throw new IllegalArgumentException("no frame has " + length + " bytes at " + offset);
        }
    }

    /**
     * Chunks back to back, each {@code chunkBytes} long except the last, which has what is left.
     *
     * @param plainLength their length together
     */
    public static List<ChunkRef> backToBack(List<ChunkId> ids, int chunkBytes, int plainLength) {
        List<ChunkRef> chunks = new ArrayList<>(ids.size());
        int offset = 0;
        for (ChunkId id : ids) {
            int length = Math.min(chunkBytes, plainLength - offset);
            chunks.add(new ChunkRef(id, offset, length));
            offset += length;
        }
        if (offset != plainLength) {
            throw new IllegalArgumentException(
                    ids.size() + " chunks of " + chunkBytes + " bytes are not " + plainLength + " bytes");
        }
        return chunks;
    }
}
