package dev.nightjar.nbd.protocol;

import io.netty.buffer.ByteBuf;

/** What a server answers to an option; one record for each type. */
public sealed interface OptionReply {

    /** As in {@link OptionReplyHeader#type()}. */
    int type();

    /** Writes the body, without header. */
    void encodeBody(ByteBuf out);

    /** Writes header and body. */
    default void encode(int option, ByteBuf out) {
        int start = out.writerIndex();
        new OptionReplyHeader(option, type(), 0).encode(out);
        encodeBody(out);
        out.setInt(start + OptionReplyHeader.BYTES - 4, out.writerIndex() - start - OptionReplyHeader.BYTES);
    }

    /** Agreed, and the end of the answer. */
    record Ack() implements OptionReply {
        @Override
        public int type() {
            return OptionReplyType.ACK;
        }

        @Override
        public void encodeBody(ByteBuf out) {}
    }

    /**
     * One export of a LIST.
     *
     * @param description free text for people, may be empty
     */
    record Server(String export, String description) implements OptionReply {
        @Override
        public int type() {
            return OptionReplyType.SERVER;
        }

        @Override
        public void encodeBody(ByteBuf out) {
            WireText.writeSized(out, export);
            WireText.length(description);
            WireText.write(out, description);
        }
    }

    /** One item of GO or INFO. */
    record Item(InfoItem item) implements OptionReply {
        @Override
        public int type() {
            return OptionReplyType.INFO;
        }

        @Override
        public void encodeBody(ByteBuf out) {
            item.encode(out);
        }
    }

    /**
     * A metadata context, granted (SET) or offered (LIST).
     *
     * @param id what block status will call it on this connection, unsigned 32 bits; no meaning in a LIST
     */
    record MetaContext(long id, String name) implements OptionReply {
        @Override
        public int type() {
            return OptionReplyType.META_CONTEXT;
        }

        @Override
        public void encodeBody(ByteBuf out) {
            out.writeInt((int) id);
            WireText.length(name);
            WireText.write(out, name);
        }
    }

    /**
     * Refused, and the end of the answer.
     *
     * @param type the reply type, kept for numbers that are not known
     * @param message for people, may be empty
     */
    record Refusal(int type, String message) implements OptionReply {

        public Refusal(OptionError error, String message) {
            this(error.replyType(), message);
        }

        public OptionError error() {
            return OptionError.of(type);
        }

        @Override
        public void encodeBody(ByteBuf out) {
            WireText.length(message);
            WireText.write(out, message);
        }
    }

    /** Reads exactly the body that the header announced. */
    static OptionReply decode(OptionReplyHeader header, ByteBuf body) {
        Violation malformed = Violation.OPTION_REPLY_MALFORMED;
        Wire.need(body, header.length(), malformed);
        ByteBuf in = body.readSlice(header.length());
        OptionReply reply = switch (header.type()) {
            case OptionReplyType.ACK -> new Ack();
            case OptionReplyType.SERVER ->
                new Server(WireText.readSized(in, malformed), WireText.read(in, in.readableBytes()));
            case OptionReplyType.INFO -> new Item(InfoItem.decode(in));
            case OptionReplyType.META_CONTEXT -> {
                Wire.need(in, 4, malformed);
                yield new MetaContext(in.readUnsignedInt(), WireText.read(in, in.readableBytes()));
            }
            default -> {
                if ((header.type() & OptionReplyType.ERROR_BIT) == 0) {
                    throw new ViolationException(
                            Violation.OPTION_REPLY_UNKNOWN,
                            "type " + header.type() + " in reply to " + OptionCode.name(header.option()));
                }
                yield new Refusal(header.type(), WireText.read(in, in.readableBytes()));
            }
        };
        Wire.end(in, malformed);
        return reply;
    }
}
