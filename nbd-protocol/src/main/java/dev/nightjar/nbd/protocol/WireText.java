package dev.nightjar.nbd.protocol;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.netty.buffer.ByteBuf;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;

/** NBD's strings: UTF-8, no terminator, no NUL, at most 4096 bytes. */
final class WireText {

    private WireText() {}

    static int length(String text) {
        int bytes = text.getBytes(UTF_8).length;
        if (bytes > Limits.TEXT_BYTES || text.indexOf(0) >= 0) {
            throw new IllegalArgumentException("not a name that NBD can carry: " + bytes + " bytes");
        }
        return bytes;
    }

    static void write(ByteBuf out, String text) {
        out.writeBytes(text.getBytes(UTF_8));
    }

    /** A u32 length, then the text. */
    static void writeSized(ByteBuf out, String text) {
        out.writeInt(length(text));
        write(out, text);
    }

    static String readSized(ByteBuf in, Violation malformed) {
        Wire.need(in, 4, malformed);
        return read(in, in.readUnsignedInt());
    }

    static String read(ByteBuf in, long bytes) {
        if (bytes > Limits.TEXT_BYTES || bytes > in.readableBytes()) {
            throw new ViolationException(
                    Violation.TEXT_MALFORMED, bytes + " bytes announced, " + in.readableBytes() + " present");
        }
        byte[] raw = new byte[(int) bytes];
        in.readBytes(raw);
        try {
            String text = UTF_8.newDecoder().decode(ByteBuffer.wrap(raw)).toString();
            if (text.indexOf(0) >= 0) {
                throw new ViolationException(Violation.TEXT_MALFORMED, "NUL inside");
            }
            return text;
        } catch (CharacterCodingException e) {
            ViolationException violation = new ViolationException(Violation.TEXT_MALFORMED, "not UTF-8");
            violation.initCause(e);
            throw violation;
        }
    }
}
