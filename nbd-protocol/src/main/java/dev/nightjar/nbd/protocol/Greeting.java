package dev.nightjar.nbd.protocol;

import io.netty.buffer.ByteBuf;

/**
 * What a newstyle server says first: {@code u64 NBDMAGIC, u64 IHAVEOPT, u16 flags}.
 *
 * @param flags handshake flags, 16 bits
 */
public record Greeting(int flags) {

    public static final int BYTES = 18;
    /** The server answers options it does not know; without it only EXPORT_NAME may be sent. */
    public static final int FIXED_NEWSTYLE = 1;
    /** The server can leave out the 124 zeros after EXPORT_NAME. */
    public static final int NO_ZEROES = 1 << 1;

    public boolean fixedNewstyle() {
        return (flags & FIXED_NEWSTYLE) != 0;
    }

    public boolean noZeroes() {
        return (flags & NO_ZEROES) != 0;
    }

    /** The client's answer: the flags that both know, as {@code u32}. */
    public int clientFlags() {
        return flags & (FIXED_NEWSTYLE | NO_ZEROES);
    }

    public void encode(ByteBuf out) {
        out.writeLong(Magic.GREETING).writeLong(Magic.OPTION).writeShort(flags);
    }

    /** Reads {@link #BYTES} bytes. */
    public static Greeting decode(ByteBuf in) {
        Wire.need(in, BYTES, Violation.NOT_NBD);
        long first = in.readLong();
        if (first != Magic.GREETING) {
            throw new ViolationException(Violation.NOT_NBD, "it begins with 0x%016x".formatted(first));
        }
        long second = in.readLong();
        if (second == Magic.OLDSTYLE_GREETING) {
            throw new ViolationException(Violation.OLDSTYLE, "the server is of the oldstyle kind");
        }
        if (second != Magic.OPTION) {
            throw new ViolationException(Violation.NOT_NBD, "NBDMAGIC is followed by 0x%016x".formatted(second));
        }
        return new Greeting(in.readUnsignedShort());
    }
}
