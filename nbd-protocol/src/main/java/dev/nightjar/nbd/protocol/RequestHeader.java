package dev.nightjar.nbd.protocol;

import io.netty.buffer.ByteBuf;
import org.jspecify.annotations.Nullable;

/**
 * A request as it comes off the wire, before anybody knows whether it makes sense: a command that is not known is an error of that
 * one request, not the end of the connection. Layouts as in {@link Request}.
 *
 * @param flags {@link CommandFlags}, and perhaps others
 * @param type a command's number, 16 bits
 * @param cookie chosen by the client, echoed by the server
 * @param offset in bytes, unsigned
 * @param length in bytes, unsigned, of the effect or of the payload
 */
public record RequestHeader(int flags, int type, long cookie, long offset, long length) {

    /**
     * Reads {@link Request#bytes} bytes.
     *
     * @throws ViolationException REQUEST_MAGIC
     */
    public static RequestHeader decode(ByteBuf in, ReplyMode mode) {
        Wire.need(in, Request.bytes(mode), Violation.REQUEST_MAGIC);
        int magic = in.readInt();
        if (magic != (mode.extendedHeaders() ? Magic.EXTENDED_REQUEST : Magic.COMPACT_REQUEST)) {
            throw new ViolationException(Violation.REQUEST_MAGIC, "it begins with 0x%08x".formatted(magic));
        }
        return new RequestHeader(
                in.readUnsignedShort(),
                in.readUnsignedShort(),
                in.readLong(),
                in.readLong(),
                mode.extendedHeaders() ? in.readLong() : in.readUnsignedInt());
    }

    /** What is wanted, or null if nobody here knows it. */
    public @Nullable Command command() {
        return Command.find(type);
    }

    /** Whether a flag is set. */
    public boolean has(int flag) {
        return (flags & flag) != 0;
    }

    /**
     * Bytes that follow the request, unsigned: of a write, or of whatever says so in extended headers. There a write ought to say so
     * too, but QEMU's client does not, and its server does not mind; so a write is always followed by its data.
     */
    public long payloadLength(ReplyMode mode) {
        boolean says = mode.extendedHeaders() && has(CommandFlags.PAYLOAD_LEN);
        return says || type == Command.WRITE.number() ? length : 0;
    }
}
