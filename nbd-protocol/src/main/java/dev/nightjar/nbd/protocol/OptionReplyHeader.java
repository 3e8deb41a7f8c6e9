package dev.nightjar.nbd.protocol;

import io.netty.buffer.ByteBuf;

/**
 * What precedes the body of a reply to an option: {@code u64 magic, u32 option, u32 type, u32 length}.
 *
 * @param option the option that it answers
 * @param type one of {@link OptionReplyType}, an {@link OptionError}, or unknown
 * @param length bytes of body that follow
 */
public record OptionReplyHeader(int option, int type, int length) {

    public static final int BYTES = 20;

    public void encode(ByteBuf out) {
        out.writeLong(Magic.OPTION_REPLY).writeInt(option).writeInt(type).writeInt(length);
    }

    /** Reads {@link #BYTES} bytes and refuses a body that is too long to be one. */
    public static OptionReplyHeader decode(ByteBuf in) {
        Wire.need(in, BYTES, Violation.OPTION_REPLY_MAGIC);
        long magic = in.readLong();
        if (magic != Magic.OPTION_REPLY) {
            throw new ViolationException(Violation.OPTION_REPLY_MAGIC, "it begins with 0x%016x".formatted(magic));
        }
        int option = in.readInt();
        int type = in.readInt();
        long length = in.readUnsignedInt();
        if (length > Limits.OPTION_REPLY_BYTES) {
            throw new ViolationException(
                    Violation.OPTION_REPLY_TOO_LONG, length + " bytes in reply to " + OptionCode.name(option));
        }
        return new OptionReplyHeader(option, type, (int) length);
    }
}
