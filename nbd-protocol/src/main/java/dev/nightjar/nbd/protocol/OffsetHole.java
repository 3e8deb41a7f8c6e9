package dev.nightjar.nbd.protocol;

import io.netty.buffer.ByteBuf;

/**
 * Zeros as an answer to a read: {@code u64 offset, u32 size}, also with extended headers.
 *
 * @param offset in bytes, on the export
 * @param length in bytes, more than 0
 */
public record OffsetHole(long offset, long length) {

    public static final int BYTES = 12;

    public void encode(ByteBuf out) {
        out.writeLong(offset).writeInt((int) length);
    }

    /** Reads {@link #BYTES} bytes. */
    public static OffsetHole decode(ByteBuf in) {
        Wire.need(in, BYTES, Violation.CHUNK_LENGTH);
        OffsetHole hole = new OffsetHole(in.readLong(), in.readUnsignedInt());
        if (hole.length == 0) {
            throw new ViolationException(Violation.DATA_EMPTY, "a hole of 0 bytes at " + hole.offset);
        }
        return hole;
    }
}
