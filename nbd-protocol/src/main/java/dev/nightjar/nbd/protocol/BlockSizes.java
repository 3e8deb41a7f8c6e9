package dev.nightjar.nbd.protocol;

import io.netty.buffer.ByteBuf;

/**
 * The sizes of requests that a server wants, in bytes: {@code u32 minimum, u32 preferred, u32 maximum}.
 *
 * @param minimum every offset and length is a multiple of it; a power of two up to 64 KiB
 * @param preferred best efficiency; a power of two, at least 512
 * @param maximum most that a read or write may carry; other commands are not limited by it
 */
public record BlockSizes(long minimum, long preferred, long maximum) implements InfoItem {

    /** What holds where a server said nothing. */
    public static final BlockSizes UNKNOWN = new BlockSizes(1, 4096, Limits.DEFAULT_PAYLOAD_BYTES);

    @Override
    public int type() {
        return BLOCK_SIZE;
    }

    @Override
    public void encode(ByteBuf out) {
        out.writeShort(BLOCK_SIZE)
                .writeInt((int) minimum)
                .writeInt((int) preferred)
                .writeInt((int) maximum);
    }

    static BlockSizes checked(long minimum, long preferred, long maximum) {
        boolean sound = Long.bitCount(minimum) == 1
                && minimum <= Limits.MINIMUM_BLOCK_BYTES
                && Long.bitCount(preferred) == 1
                && preferred >= Math.max(512, minimum)
                && maximum >= preferred
                && (maximum % minimum == 0 || maximum == 0xffff_ffffL);
        if (!sound) {
            throw new ViolationException(
                    Violation.BLOCK_SIZE_INVALID,
                    "minimum %d, preferred %d, maximum %d announced".formatted(minimum, preferred, maximum));
        }
        return new BlockSizes(minimum, preferred, maximum);
    }
}
