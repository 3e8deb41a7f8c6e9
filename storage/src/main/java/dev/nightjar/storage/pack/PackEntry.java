package dev.nightjar.storage.pack;

import dev.nightjar.storage.seal.ChunkRef;
import dev.nightjar.storage.seal.FrameCodec;
import dev.nightjar.storage.seal.SealedFrame;
import java.util.List;

/**
 * One frame as a pack's directory describes it. Immutable.
 *
 * @param frameIndex its place among the pack's frames, from 0
 * @param offset where it begins in the pack, in bytes
 * @param storedLength its length in the pack, in bytes
 * @param plainLength the length of its plaintext, in bytes
 * @param codec how it is stored
 * @param crc32c CRC-32C of its stored bytes
 * @param chunks the chunks in its plaintext
 */
public record PackEntry(
        int frameIndex,
        long offset,
        int storedLength,
        int plainLength,
        FrameCodec codec,
        int crc32c,
        List<ChunkRef> chunks) {

    /** Refuses entries that contradict themselves. */
    public PackEntry {
        chunks = List.copyOf(chunks);
        SealedFrame.requireLayout(chunks, plainLength);
        SealedFrame.requireLengths(codec, storedLength, plainLength);
    }

    /** The offset behind its last byte. */
    long end() {
        return offset + storedLength;
    }
}
