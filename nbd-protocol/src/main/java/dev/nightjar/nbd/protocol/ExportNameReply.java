package dev.nightjar.nbd.protocol;

import io.netty.buffer.ByteBuf;

/**
 * The answer to EXPORT_NAME, which has no header: {@code u64 size, u16 flags}, then 124 zeros unless both sides said NO_ZEROES.
 *
 * @param size in bytes, below 2^63
 */
public record ExportNameReply(long size, TransmissionFlags flags) {

    public static final int BYTES = 10;
    public static final int ZEROES = 124;

    public void encode(ByteBuf out, boolean noZeroes) {
        out.writeLong(size).writeShort(flags.bits());
        if (!noZeroes) {
            out.writeZero(ZEROES);
        }
    }

    /** Reads {@link #BYTES} bytes; the zeros are the caller's to skip. */
    public static ExportNameReply decode(ByteBuf in) {
        Wire.need(in, BYTES, Violation.OPTION_REPLY_MALFORMED);
        return new ExportNameReply(InfoItem.exportSize(in), new TransmissionFlags(in.readUnsignedShort()));
    }
}
