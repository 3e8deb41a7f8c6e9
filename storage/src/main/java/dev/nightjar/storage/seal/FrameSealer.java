package dev.nightjar.storage.seal;

import com.github.luben.zstd.Zstd;
import com.github.luben.zstd.ZstdCompressCtx;
import dev.nightjar.storage.chunk.ChunkId;
import java.nio.ByteBuffer;
import java.security.SecureRandom;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Compresses frames, and encrypts them in a repository that is encrypted. Used by one thread at a time: it keeps a compressor, freed by {@link #close}, and buffers of about 1 MiB, on the heap and off it.
 */
public final class FrameSealer implements AutoCloseable {

    /** The fastest of zstd's ordinary levels: 2.55 : 1 at 440 MB/s a core on single chunks of a Linux system disk. */
    private static final int LEVEL = 1;

    /** Compression must save at least this part of the plaintext (1/32), or reading it back is not worth the work. */
    private static final int PAYS_FROM_SHIFT = 5;

    private final ZstdCompressCtx compressor =
            new ZstdCompressCtx().setLevel(LEVEL).setContentSize(true);
    private final @Nullable ContentCipher cipher;
    private byte[] input = new byte[0];
    private byte[] output = new byte[0];
    private byte[] encrypted = new byte[0];
    private ByteBuffer directOutput = ByteBuffer.allocateDirect(0);

    /** A sealer that leaves frames readable for everybody. */
    public FrameSealer() {
        this(null);
    }

    /**
     * A sealer.
     *
     * @param key what frames are encrypted under, or null not to encrypt them
     */
    public FrameSealer(@Nullable DataKey key) {
        cipher = key == null ? null : new ContentCipher(key, new SecureRandom());
    }

    /** Seals one chunk as a frame of its own. */
    public SealedFrame seal(ChunkId id, ByteBuffer plain) {
        return seal(List.of(new ChunkRef(id, 0, plain.remaining())), plain);
    }

    /**
     * Seals chunks as one frame.
     *
     * @param chunks what the plaintext consists of, back to back
     * @param plain the plaintext from position to limit, both of which stay as they are; the frame does not refer to it afterwards
     */
    public SealedFrame seal(List<ChunkRef> chunks, ByteBuffer plain) {
        return seal(chunks, plain, false);
    }

    /**
     * Seals chunks as one frame, which takes the place of the plaintext as far as it can: no memory is needed for it, and none has to be cleared and collected.
     *
     * @param chunks what the plaintext consists of, back to back
     * @param plain the plaintext from position to limit, which stay as they are while its bytes may be lost; writable, and nobody's but the frame's as long as that is in use
     */
    public SealedFrame sealInPlace(List<ChunkRef> chunks, ByteBuffer plain) {
        return seal(chunks, plain, true);
    }

    private SealedFrame seal(List<ChunkRef> chunks, ByteBuffer plain, boolean inPlace) {
        int length = plain.remaining();
        SealedFrame.requireLayout(chunks, length);
        ByteBuffer compressed = plain.isDirect() ? compressDirect(plain) : compress(plain);
        boolean pays = compressed.remaining() < length - (length >>> PAYS_FROM_SHIFT);
        FrameCodec codec = FrameCodec.of(pays, cipher != null);
        ByteBuffer stored;
        if (inPlace && !pays && cipher == null) {
            stored = plain.slice();
        } else {
            ByteBuffer content = pays ? compressed : plain;
            ByteBuffer sealed = cipher == null ? content : encrypt(cipher, codec, content, chunks);
            // Encryption makes longer what does not compress.
            boolean fits = sealed.remaining() <= length;
            stored = inPlace && fits ? plain.slice().put(sealed).flip() : copy(sealed);
        }
        return new SealedFrame(codec, stored, length, FrameChecksum.of(stored), chunks);
    }

    @Override
    public void close() {
        compressor.close();
    }

    private ByteBuffer compress(ByteBuffer plain) {
        int length = plain.remaining();
        if (plain.hasArray()) {
            return compress(plain.array(), plain.arrayOffset() + plain.position(), length);
        }
        input = atLeast(length, input);
        plain.get(plain.position(), input, 0, length);
        return compress(input, 0, length);
    }

    private ByteBuffer compress(byte[] plain, int offset, int length) {
        int bound = Math.toIntExact(Zstd.compressBound(length));
        output = atLeast(bound, output);
        return ByteBuffer.wrap(
                output, 0, compressor.compressByteArray(output, 0, output.length, plain, offset, length));
    }

    private ByteBuffer compressDirect(ByteBuffer plain) {
        int length = plain.remaining();
        int bound = Math.toIntExact(Zstd.compressBound(length));
        if (directOutput.capacity() < bound) {
            directOutput = ByteBuffer.allocateDirect(bound);
        }
        int compressed = compressor.compressDirectByteBuffer(directOutput, 0, bound, plain, plain.position(), length);
        return directOutput.slice(0, compressed);
    }

    private ByteBuffer encrypt(ContentCipher cipher, FrameCodec codec, ByteBuffer content, List<ChunkRef> chunks) {
        int length = content.remaining();
        input = atLeast(length, input);
        encrypted = atLeast(length + ContentCipher.OVERHEAD_BYTES, encrypted);
        content.get(content.position(), input, 0, length);
        byte[] associated = SealedFrame.associatedData(codec, chunks);
        return ByteBuffer.wrap(encrypted, 0, cipher.seal(input, 0, length, associated, encrypted));
    }

    private static byte[] atLeast(int length, byte[] array) {
        return array.length < length ? new byte[length] : array;
    }

    private static ByteBuffer copy(ByteBuffer content) {
        return ByteBuffer.allocate(content.remaining()).put(content.duplicate()).flip();
    }
}
