package dev.nightjar.nbd.protocol;

import io.netty.buffer.ByteBuf;
import java.util.ArrayList;
import java.util.List;

/**
 * The extents of one metadata context, consecutive from the requested offset. Type 5: {@code u32 context, n × {u32 length, u32
 * status}}; type 6: {@code u32 context, u32 count, count × {u64 length, u64 status}}.
 *
 * @param contextId as granted in the handshake, unsigned 32 bits
 * @param descriptors at least one
 */
public record BlockStatus(long contextId, List<Descriptor> descriptors) {

    private static final int COMPACT_HEAD = 4;
    private static final int COMPACT_DESCRIPTOR = 8;
    private static final int EXTENDED_HEAD = 8;
    private static final int EXTENDED_DESCRIPTOR = 16;

    public BlockStatus {
        descriptors = List.copyOf(descriptors);
    }

    /**
     * One extent.
     *
     * @param length in bytes; with extended headers unsigned 64 bits, so a negative number is a huge one
     * @param status the context's bits, handed on unchanged
     */
    public record Descriptor(long length, long status) {}

    /**
     * Refuses a payload by its length alone, before it is read.
     *
     * @throws ViolationException STATUS_COUNT, STATUS_TOO_MANY
     */
    public static void checkLength(long length, ReplyMode mode) {
        int head = mode.extendedHeaders() ? EXTENDED_HEAD : COMPACT_HEAD;
        int each = mode.extendedHeaders() ? EXTENDED_DESCRIPTOR : COMPACT_DESCRIPTOR;
        if (Long.compareUnsigned(length, head + (long) each * Limits.STATUS_DESCRIPTORS) > 0) {
            throw new ViolationException(
                    Violation.STATUS_TOO_MANY, "a payload of " + Long.toUnsignedString(length) + " bytes");
        }
        if (length < head + each || (length - head) % each != 0) {
            throw new ViolationException(Violation.STATUS_COUNT, "a payload of " + length + " bytes");
        }
    }

    public void encode(ByteBuf out, ReplyMode mode) {
        out.writeInt((int) contextId);
        if (mode.extendedHeaders()) {
            out.writeInt(descriptors.size());
        }
        for (Descriptor each : descriptors) {
            if (mode.extendedHeaders()) {
                out.writeLong(each.length).writeLong(each.status);
            } else {
                out.writeInt((int) each.length).writeInt((int) each.status);
            }
        }
    }

    /** Reads all of the buffer, whose length has to agree with the count in it. */
    public static BlockStatus decode(ByteBuf in, ReplyMode mode) {
        checkLength(in.readableBytes(), mode);
        boolean extended = mode.extendedHeaders();
        long contextId = in.readUnsignedInt();
        int count = in.readableBytes() / COMPACT_DESCRIPTOR;
        if (extended) {
            long announced = in.readUnsignedInt();
            count = in.readableBytes() / EXTENDED_DESCRIPTOR;
            if (announced != count) {
                throw new ViolationException(
                        Violation.STATUS_COUNT, announced + " descriptors announced, " + count + " present");
            }
        }
        List<Descriptor> descriptors = new ArrayList<>(count);
        for (int i = 0; i < count; i++) {
            descriptors.add(
                    extended
                            ? new Descriptor(in.readLong(), in.readLong())
                            : new Descriptor(in.readUnsignedInt(), in.readUnsignedInt()));
        }
        return new BlockStatus(contextId, descriptors);
    }
}
