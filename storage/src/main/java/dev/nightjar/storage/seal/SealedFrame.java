package dev.nightjar.storage.seal;

import dev.nightjar.storage.chunk.ChunkId;
import java.nio.ByteBuffer;
import java.util.List;

/**
 * A frame as it lies in a pack, with what the pack's directory says about it. Immutable as long as nobody writes to {@link #stored}.
 *
 * @param codec how the bytes are stored
 * @param stored the stored bytes, from position to limit
 * @param plainLength the length of the plaintext in bytes
 * @param crc32c CRC-32C of the stored bytes
 * @param chunks the chunks in the plaintext, back to back and without gaps
 */
public record SealedFrame(FrameCodec codec, ByteBuffer stored, int plainLength, int crc32c, List<ChunkRef> chunks) {

    /** Longest plaintext, in bytes. */
    public static final int MAX_PLAIN_BYTES = 1024 * 1024;

    /** Most bytes that sealing may add to a plaintext that does not compress: room for a nonce and a tag. */
    public static final int MAX_OVERHEAD_BYTES = 64;

    /** Longest stored form, in bytes. */
    public static final int MAX_STORED_BYTES = MAX_PLAIN_BYTES + MAX_OVERHEAD_BYTES;

    /** Most chunks in one frame. */
    public static final int MAX_CHUNKS = 16;

    /** Refuses frames that contradict themselves. */
    public SealedFrame {
        chunks = List.copyOf(chunks);
        requireLayout(chunks, plainLength);
        requireLengths(codec, stored.remaining(), plainLength);
    }

    /** A view of the stored bytes with a position of its own. */
    @Override
    public ByteBuffer stored() {
        return stored.duplicate();
    }

    /** The same frame in memory of its own. */
    public SealedFrame copy() {
        ByteBuffer own = ByteBuffer.allocate(stored.remaining()).put(stored()).flip();
        return new SealedFrame(codec, own, plainLength, crc32c, chunks);
    }

    /** What encryption binds the content to: the codec, and which chunks it is. */
    static byte[] associatedData(FrameCodec codec, List<ChunkRef> chunks) {
        ByteBuffer associated = ByteBuffer.allocate(1 + chunks.size() * ChunkId.BYTES);
        associated.put(codec.code());
        chunks.forEach(chunk -> associated.put(chunk.id().toBytes()));
        return associated.array();
    }

    /**
     * Checks that chunks fill a plaintext from its first byte to its last.
     *
     * @throws IllegalArgumentException if they do not
     */
    public static void requireLayout(List<ChunkRef> chunks, int plainLength) {
        if (chunks.isEmpty() || chunks.size() > MAX_CHUNKS) {
            throw new IllegalArgumentException("a frame has 1 to " + MAX_CHUNKS + " chunks, not " + chunks.size());
        }
        int end = 0;
        for (ChunkRef chunk : chunks) {
            if (chunk.offset() != end) {
                throw new IllegalArgumentException("a chunk begins at " + chunk.offset() + " instead of " + end);
            }
            end += chunk.length();
        }
        if (end != plainLength) {
            throw new IllegalArgumentException("chunks end at " + end + ", the plaintext at " + plainLength);
        }
    }

    /**
     * Checks that a stored length is possible.
     *
     * @throws IllegalArgumentException if it is not
     */
    public static void requireLengths(FrameCodec codec, long storedLength, long plainLength) {
        if (plainLength < 1 || plainLength > MAX_PLAIN_BYTES) {
            throw new IllegalArgumentException(
                    "a plaintext has 1 to " + MAX_PLAIN_BYTES + " bytes, not " + plainLength);
        }
        if (storedLength < 1 || storedLength > MAX_STORED_BYTES) {
            throw new IllegalArgumentException("a frame has 1 to " + MAX_STORED_BYTES + " bytes, not " + storedLength);
        }
        long uncompressed = plainLength + (codec.encrypted() ? ContentCipher.OVERHEAD_BYTES : 0);
        if (!codec.compressed() && storedLength != uncompressed) {
            throw new IllegalArgumentException(
                    "a " + codec + " frame of " + plainLength + " bytes has " + storedLength);
        }
    }
}
