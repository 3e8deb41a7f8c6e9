package dev.nightjar.nbd.protocol;

import io.netty.buffer.ByteBuf;
import org.jspecify.annotations.Nullable;

/**
 * Why a request failed: {@code u32 error, u16 length, message}, and in type ERROR_OFFSET {@code u64 offset}.
 *
 * @param message for people, may be empty
 * @param offset where on the export, in bytes, or null if the server did not say
 */
public record ErrorChunk(
        Errno errno, String message, @Nullable Long offset) {

    private static final int HEAD = 6;

    /** The type that this one is sent in. */
    public int type() {
        return offset == null ? ChunkType.ERROR : ChunkType.ERROR_OFFSET;
    }

    public void encode(ByteBuf out) {
        out.writeInt(errno.number()).writeShort(WireText.length(message));
        WireText.write(out, message);
        if (offset != null) {
            out.writeLong(offset);
        }
    }

    /** Reads all of the buffer; of an error type that is not known, only what all of them have in common. */
    public static ErrorChunk decode(int type, ByteBuf in) {
        Wire.need(in, HEAD, Violation.CHUNK_LENGTH);
        long number = in.readUnsignedInt();
        if (number == 0) {
            throw new ViolationException(Violation.ERROR_ZERO, "it carries 0");
        }
        int length = in.readUnsignedShort();
        int after = type == ChunkType.ERROR_OFFSET ? 8 : 0;
        boolean known = type == ChunkType.ERROR || type == ChunkType.ERROR_OFFSET;
        if (length + after > in.readableBytes() || (known && length + after < in.readableBytes())) {
            throw new ViolationException(
                    Violation.ERROR_MESSAGE, length + " bytes announced, " + in.readableBytes() + " present");
        }
        String message = WireText.read(in, length);
        return new ErrorChunk(Errno.of(number), message, after == 0 ? null : in.readLong());
    }
}
