package dev.nightjar.nbd.protocol;

import io.netty.buffer.ByteBuf;

/** What precedes every answer in transmission; one record for each of the three kinds. */
public sealed interface ReplyHeader {

    int SIMPLE_BYTES = 16;
    int STRUCTURED_BYTES = 20;
    int EXTENDED_BYTES = 32;
    /** Flag of a chunk: the last one of its reply. */
    int DONE = 1;

    /** The request's. */
    long cookie();

    void encode(ByteBuf out);

    /**
     * {@code u32 magic, u32 error, u64 cookie}; the data of a successful read follows.
     *
     * @param error 0, or a number of {@link Errno}, unsigned 32 bits
     */
    record Simple(long error, long cookie) implements ReplyHeader {
        @Override
        public void encode(ByteBuf out) {
            out.writeInt(Magic.SIMPLE_REPLY).writeInt((int) error).writeLong(cookie);
        }
    }

    /** A header of a chunk, whose payload follows. */
    sealed interface Chunk extends ReplyHeader {

        /** {@link #DONE} or 0. */
        int flags();

        /** One of {@link ChunkType}, or unknown. */
        int type();

        /** Bytes of payload, unsigned: a negative number is a huge one. */
        long length();

        default boolean done() {
            return (flags() & DONE) != 0;
        }
    }

    /** {@code u32 magic, u16 flags, u16 type, u64 cookie, u32 length}. */
    record Structured(int flags, int type, long cookie, long length) implements Chunk {
        @Override
        public void encode(ByteBuf out) {
            out.writeInt(Magic.STRUCTURED_REPLY)
                    .writeShort(flags)
                    .writeShort(type)
                    .writeLong(cookie)
                    .writeInt((int) length);
        }
    }

    /**
     * {@code u32 magic, u16 flags, u16 type, u64 cookie, u64 offset, u64 length}.
     *
     * @param offset the request's, again
     */
    record Extended(int flags, int type, long cookie, long offset, long length) implements Chunk {
        @Override
        public void encode(ByteBuf out) {
            out.writeInt(Magic.EXTENDED_REPLY)
                    .writeShort(flags)
                    .writeShort(type)
                    .writeLong(cookie)
                    .writeLong(offset)
                    .writeLong(length);
        }
    }

    /**
     * How long the header is that begins with these four bytes.
     *
     * @throws ViolationException REPLY_MAGIC
     */
    static int bytes(int magic) {
        return switch (magic) {
            case Magic.SIMPLE_REPLY -> SIMPLE_BYTES;
            case Magic.STRUCTURED_REPLY -> STRUCTURED_BYTES;
            case Magic.EXTENDED_REPLY -> EXTENDED_BYTES;
            default -> throw new ViolationException(Violation.REPLY_MAGIC, "it begins with 0x%08x".formatted(magic));
        };
    }

    /** Reads as many bytes as {@link #bytes} says. */
    static ReplyHeader decode(ByteBuf in) {
        Wire.need(in, 4, Violation.REPLY_MAGIC);
        int magic = in.getInt(in.readerIndex());
        Wire.need(in, bytes(magic), Violation.REPLY_MAGIC);
        in.skipBytes(4);
        return switch (magic) {
            case Magic.SIMPLE_REPLY -> new Simple(in.readUnsignedInt(), in.readLong());
            case Magic.STRUCTURED_REPLY ->
                new Structured(in.readUnsignedShort(), in.readUnsignedShort(), in.readLong(), in.readUnsignedInt());
            default ->
                new Extended(
                        in.readUnsignedShort(), in.readUnsignedShort(), in.readLong(), in.readLong(), in.readLong());
        };
    }
}
