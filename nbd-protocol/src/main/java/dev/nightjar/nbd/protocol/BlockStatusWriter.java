package dev.nightjar.nbd.protocol;

import io.netty.buffer.ByteBuf;
import java.nio.ByteBuffer;

/**
 * Writes the payload of {@link BlockStatus} extent by extent, as a server learns of them, without holding them as anything but the
 * bytes to be sent. Nothing is complete before {@link #finish}. Not thread-safe.
 */
public final class BlockStatusWriter {

    /** Extents go into the buffer by the block: a million of them one by one would spend their time in its checks. */
    private static final int BLOCK_BYTES = 4096;

    private final ByteBuf out;
    private final ReplyMode mode;
    private final int start;
    private final ByteBuffer block;
    private int count;

    /**
     * Begins at the buffer's end.
     *
     * @param contextId as granted in the handshake, unsigned 32 bits
     */
    public BlockStatusWriter(ByteBuf out, ReplyMode mode, long contextId) {
        this.out = out;
        this.mode = mode;
        this.start = out.writerIndex();
        this.block = ByteBuffer.allocate(BLOCK_BYTES);
        out.writeInt((int) contextId);
        if (mode.extendedHeaders()) {
            out.writeInt(0);
        }
    }

    /** Bytes of one extent. */
    public static int descriptorBytes(ReplyMode mode) {
        return mode.extendedHeaders() ? 16 : 8;
    }

    /**
     * The next extent.
     *
     * @throws IllegalArgumentException if compact headers cannot carry it
     */
    public void add(long length, long status) {
        if (mode.extendedHeaders()) {
            block.putLong(length).putLong(status);
        } else if ((length >>> 32) != 0 || (status >>> 32) != 0) {
            throw new IllegalArgumentException(
                    "compact headers cannot carry an extent of %d bytes with status %d".formatted(length, status));
        } else {
            block.putInt((int) length).putInt((int) status);
        }
        count++;
        if (!block.hasRemaining()) {
            pass();
        }
    }

    private void pass() {
        out.writeBytes(block.flip());
        block.clear();
    }

    /** There are no more extents. */
    public void finish() {
        pass();
        if (mode.extendedHeaders()) {
            out.setInt(start + 4, count);
        }
    }

    /** How many extents there are. */
    public int count() {
        return count;
    }
}
