package dev.nightjar.nbd.protocol;

import io.netty.buffer.ByteBuf;

/**
 * What a client sends in transmission, without payload. Compact: {@code u32 magic, u16 flags, u16 type, u64 cookie, u64 offset,
 * u32 length}; extended: the same with its own magic and a {@code u64 length}.
 *
 * @param flags {@link CommandFlags}
 * @param cookie chosen by the client, echoed by the server
 * @param offset in bytes
 * @param length in bytes, of the effect or of the payload
 */
public record Request(int flags, Command command, long cookie, long offset, long length) {

    public static final int COMPACT_BYTES = 28;
    public static final int EXTENDED_BYTES = 32;

    /** Bytes of a request in this mode. */
    public static int bytes(ReplyMode mode) {
        return mode.extendedHeaders() ? EXTENDED_BYTES : COMPACT_BYTES;
    }

    /**
     * Writes it in the layout of the mode.
     *
     * @throws IllegalArgumentException if the length does not fit into compact headers
     */
    public void encode(ByteBuf out, ReplyMode mode) {
        if (!mode.extendedHeaders() && (length >>> 32) != 0) {
            throw new IllegalArgumentException("a compact request cannot carry a length of " + length);
        }
        out.writeInt(mode.extendedHeaders() ? Magic.EXTENDED_REQUEST : Magic.COMPACT_REQUEST)
                .writeShort(flags)
                .writeShort(command.number())
                .writeLong(cookie)
                .writeLong(offset);
        if (mode.extendedHeaders()) {
            out.writeLong(length);
        } else {
            out.writeInt((int) length);
        }
    }

    /** Reads {@link #bytes} bytes. */
    public static Request decode(ByteBuf in, ReplyMode mode) {
        RequestHeader header = RequestHeader.decode(in, mode);
        return new Request(
                header.flags(), Command.of(header.type()), header.cookie(), header.offset(), header.length());
    }
}
