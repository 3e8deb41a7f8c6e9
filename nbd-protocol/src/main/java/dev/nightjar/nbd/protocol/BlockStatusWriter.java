package dev.nightjar.nbd.protocol;

import io.netty.buffer.ByteBuf;

/**
 * Writes the payload of {@link BlockStatus} extent by extent, as a server learns of them, without holding them as anything but the
 * bytes to be sent. Not thread-safe.
 */
public final class BlockStatusWriter {

    private final ByteBuf out;
    private final ReplyMode mode;
    private final int start;
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
            out.writeLong(length).writeLong(status);
            out.setInt(start + 4, ++count);
            return;
        }
        if ((length >>> 32) != 0 || (status >>> 32) != 0) {
            throw new IllegalArgumentException(
                    "compact headers cannot carry an extent of %d bytes with status %d".formatted(length, status));
        }
        count++;
        out.writeInt((int) length).writeInt((int) status);
    }

    /** How many extents there are. */
    public int count() {
        return count;
    }
}
