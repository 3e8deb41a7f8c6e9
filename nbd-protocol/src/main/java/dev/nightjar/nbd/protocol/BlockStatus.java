package dev.nightjar.nbd.protocol;

import io.netty.buffer.ByteBuf;
import java.util.Arrays;

/**
 * The extents of one metadata context, consecutive from the requested offset. Type 5: {@code u32 context, n × {u32 length, u32
 * status}}; type 6: {@code u32 context, u32 count, count × {u64 length, u64 status}}. Immutable; a reply may hold 2^20 of them, so
 * they are numbers in one array rather than objects.
 */
public final class BlockStatus {

    private static final int COMPACT_HEAD = 4;
    private static final int COMPACT_DESCRIPTOR = 8;
    private static final int EXTENDED_HEAD = 8;
    private static final int EXTENDED_DESCRIPTOR = 16;

    private final long contextId;
    /** Length and status in turn. */
    private final long[] pairs;

    private BlockStatus(long contextId, long[] pairs) {
        this.contextId = contextId;
        this.pairs = pairs;
    }

    /**
     * Extents of a context.
     *
     * @param contextId as granted in the handshake, unsigned 32 bits
     * @param pairs length and status in turn
     */
    public static BlockStatus of(long contextId, long... pairs) {
        if (pairs.length % 2 != 0) {
            throw new IllegalArgumentException("a length without status");
        }
        return new BlockStatus(contextId, pairs.clone());
    }

    /** As granted in the handshake, unsigned 32 bits. */
    public long contextId() {
        return contextId;
    }

    /** How many extents there are. */
    public int count() {
        return pairs.length / 2;
    }

    /** Length of an extent in bytes; with extended headers unsigned 64 bits, so a negative number is a huge one. */
    public long length(int index) {
        return pairs[2 * index];
    }

    /** Status of an extent: the context's bits, handed on unchanged. */
    public long status(int index) {
        return pairs[2 * index + 1];
    }

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
            out.writeInt(count());
        }
        for (long number : pairs) {
            if (mode.extendedHeaders()) {
                out.writeLong(number);
            } else {
                out.writeInt((int) number);
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
        long[] pairs = new long[2 * count];
        for (int i = 0; i < pairs.length; i++) {
            pairs[i] = extended ? in.readLong() : in.readUnsignedInt();
        }
        return new BlockStatus(contextId, pairs);
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof BlockStatus that && contextId == that.contextId && Arrays.equals(pairs, that.pairs);
    }

    @Override
    public int hashCode() {
        return 31 * Long.hashCode(contextId) + Arrays.hashCode(pairs);
    }

    @Override
    public String toString() {
        return "context " + contextId + ", " + count() + " extents";
    }
}
