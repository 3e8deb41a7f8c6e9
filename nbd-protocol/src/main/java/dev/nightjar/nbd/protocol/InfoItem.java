package dev.nightjar.nbd.protocol;

import io.netty.buffer.ByteBuf;

/** What a server tells about an export in reply to GO or INFO; each begins with {@code u16 type}. */
public sealed interface InfoItem
        permits InfoItem.Export, InfoItem.Name, InfoItem.Description, BlockSizes, InfoItem.Other {

    int EXPORT = 0;
    int NAME = 1;
    int DESCRIPTION = 2;
    int BLOCK_SIZE = 3;

    /** One of the constants above, or unknown. */
    int type();

    /** Writes type and content. */
    void encode(ByteBuf out);

    /**
     * {@code u64 size, u16 flags}.
     *
     * @param size in bytes, below 2^63
     */
    record Export(long size, TransmissionFlags flags) implements InfoItem {
        @Override
        public int type() {
            return EXPORT;
        }

        @Override
        public void encode(ByteBuf out) {
            out.writeShort(EXPORT).writeLong(size).writeShort(flags.bits());
        }
    }

    /** The name that the server itself gives to the export. */
    record Name(String name) implements InfoItem {
        @Override
        public int type() {
            return NAME;
        }

        @Override
        public void encode(ByteBuf out) {
            WireText.length(name);
            out.writeShort(NAME);
            WireText.write(out, name);
        }
    }

    /** Free text for people. */
    record Description(String text) implements InfoItem {
        @Override
        public int type() {
            return DESCRIPTION;
        }

        @Override
        public void encode(ByteBuf out) {
            WireText.length(text);
            out.writeShort(DESCRIPTION);
            WireText.write(out, text);
        }
    }

    /** An item that nobody here knows; to be ignored. */
    record Other(int type) implements InfoItem {
        @Override
        public void encode(ByteBuf out) {
            out.writeShort(type);
        }
    }

    /** Reads all of the buffer, except for an unknown item's content, which it skips. */
    static InfoItem decode(ByteBuf in) {
        Violation malformed = Violation.OPTION_REPLY_MALFORMED;
        Wire.need(in, 2, malformed);
        int type = in.readUnsignedShort();
        return switch (type) {
            case EXPORT -> {
                Wire.need(in, 10, malformed);
                yield new Export(exportSize(in), new TransmissionFlags(in.readUnsignedShort()));
            }
            case NAME -> new Name(WireText.read(in, in.readableBytes()));
            case DESCRIPTION -> new Description(WireText.read(in, in.readableBytes()));
            case BLOCK_SIZE -> {
                Wire.need(in, 12, malformed);
                yield BlockSizes.checked(in.readUnsignedInt(), in.readUnsignedInt(), in.readUnsignedInt());
            }
            default -> {
                in.skipBytes(in.readableBytes());
                yield new Other(type);
            }
        };
    }

    /** A u64 that has to be below 2^63. */
    static long exportSize(ByteBuf in) {
        long size = in.readLong();
        if (size < 0) {
            throw new ViolationException(Violation.EXPORT_TOO_LARGE, Long.toUnsignedString(size) + " bytes announced");
        }
        return size;
    }
}
