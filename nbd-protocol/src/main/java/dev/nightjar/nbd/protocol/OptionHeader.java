package dev.nightjar.nbd.protocol;

import io.netty.buffer.ByteBuf;

/**
 * What precedes an option's data: {@code u64 IHAVEOPT, u32 option, u32 length}.
 *
 * @param code one of {@link OptionCode}, or unknown
 * @param length bytes of data that follow
 */
public record OptionHeader(int code, int length) {

    public static final int BYTES = 16;

    public void encode(ByteBuf out) {
        out.writeLong(Magic.OPTION).writeInt(code).writeInt(length);
    }

    /** Reads {@link #BYTES} bytes. */
    public static OptionHeader decode(ByteBuf in) {
        Wire.need(in, BYTES, Violation.OPTION_MAGIC);
        long magic = in.readLong();
        if (magic != Magic.OPTION) {
            throw new ViolationException(Violation.OPTION_MAGIC, "it begins with 0x%016x".formatted(magic));
        }
        int code = in.readInt();
        long length = in.readUnsignedInt();
        if (length > Limits.OPTION_BYTES) {
            throw new ViolationException(Violation.OPTION_TOO_LONG, OptionCode.name(code) + " of " + length + " bytes");
        }
        return new OptionHeader(code, (int) length);
    }
}
