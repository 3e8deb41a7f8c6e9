package dev.nightjar.nbd.protocol;

import io.netty.buffer.ByteBuf;

/**
 * What precedes data in an answer to a read: {@code u64 offset}; all the rest of the payload is data.
 *
 * @param offset in bytes, on the export
 */
public record OffsetData(long offset) {

    public static final int BYTES = 8;

    public void encode(ByteBuf out) {
        out.writeLong(offset);
    }

    /** Reads {@link #BYTES} bytes. */
    public static OffsetData decode(ByteBuf in) {
        Wire.need(in, BYTES, Violation.CHUNK_LENGTH);
        return new OffsetData(in.readLong());
    }
}
