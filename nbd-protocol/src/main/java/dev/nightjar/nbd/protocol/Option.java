package dev.nightjar.nbd.protocol;

import io.netty.buffer.ByteBuf;
import java.util.ArrayList;
import java.util.List;

/** What a client asks for during the handshake; one record for each layout of data. */
public sealed interface Option {

    /** One of {@link OptionCode}. */
    int code();

    /** Writes the data, without header. */
    void encodeData(ByteBuf out);

    /** Writes header and data. */
    default void encode(ByteBuf out) {
        int start = out.writerIndex();
        new OptionHeader(code(), 0).encode(out);
        encodeData(out);
        out.setInt(start + OptionHeader.BYTES - 4, out.writerIndex() - start - OptionHeader.BYTES);
    }

    /** An option without data: ABORT, LIST, STARTTLS, STRUCTURED_REPLY, EXTENDED_HEADERS. */
    record Plain(int code) implements Option {
        @Override
        public void encodeData(ByteBuf out) {}
    }

    /** Begins transmission on the oldest servers; the data is the name alone. */
    record ExportName(String export) implements Option {
        @Override
        public int code() {
            return OptionCode.EXPORT_NAME;
        }

        @Override
        public void encodeData(ByteBuf out) {
            WireText.length(export);
            WireText.write(out, export);
        }
    }

    /**
     * GO begins transmission, INFO only asks.
     *
     * @param items the {@link InfoItem} types wanted
     */
    record Describe(int code, String export, List<Integer> items) implements Option {
        public Describe {
            items = List.copyOf(items);
        }

        @Override
        public void encodeData(ByteBuf out) {
            WireText.writeSized(out, export);
            out.writeShort(items.size());
            items.forEach(out::writeShort);
        }
    }

    /** LIST_META_CONTEXT or SET_META_CONTEXT; no query means all (LIST) or none (SET). */
    record MetaContexts(int code, String export, List<String> queries) implements Option {
        public MetaContexts {
            queries = List.copyOf(queries);
        }

        @Override
        public void encodeData(ByteBuf out) {
            WireText.writeSized(out, export);
            out.writeInt(queries.size());
            queries.forEach(query -> WireText.writeSized(out, query));
        }
    }

    /** Data of an option that nobody here knows, by its length. */
    record Unknown(int code, int length) implements Option {
        @Override
        public void encodeData(ByteBuf out) {
            out.writeZero(length);
        }
    }

    /** Reads exactly the data that the header announced. */
    static Option decode(OptionHeader header, ByteBuf data) {
        Violation malformed = Violation.OPTION_MALFORMED;
        Wire.need(data, header.length(), malformed);
        ByteBuf in = data.readSlice(header.length());
        Option option = switch (header.code()) {
            case OptionCode.EXPORT_NAME -> new ExportName(WireText.read(in, header.length()));
            case OptionCode.INFO, OptionCode.GO -> describe(header.code(), in);
            case OptionCode.LIST_META_CONTEXT, OptionCode.SET_META_CONTEXT -> contexts(header.code(), in);
            case OptionCode.ABORT,
                    OptionCode.LIST,
                    OptionCode.STARTTLS,
                    OptionCode.STRUCTURED_REPLY,
                    OptionCode.EXTENDED_HEADERS -> new Plain(header.code());
            default -> {
                in.skipBytes(header.length());
                yield new Unknown(header.code(), header.length());
            }
        };
        Wire.end(in, malformed);
        return option;
    }

    private static Option describe(int code, ByteBuf in) {
        String export = WireText.readSized(in, Violation.OPTION_MALFORMED);
        Wire.need(in, 2, Violation.OPTION_MALFORMED);
        int count = in.readUnsignedShort();
        Wire.need(in, 2 * count, Violation.OPTION_MALFORMED);
        List<Integer> items = new ArrayList<>(count);
        for (int i = 0; i < count; i++) {
            items.add(in.readUnsignedShort());
        }
        return new Describe(code, export, items);
    }

    private static Option contexts(int code, ByteBuf in) {
        String export = WireText.readSized(in, Violation.OPTION_MALFORMED);
        Wire.need(in, 4, Violation.OPTION_MALFORMED);
        long count = in.readUnsignedInt();
        if (count > in.readableBytes() / 4) {
            throw new ViolationException(Violation.OPTION_MALFORMED, count + " queries announced");
        }
        List<String> queries = new ArrayList<>((int) count);
        for (int i = 0; i < count; i++) {
            queries.add(WireText.readSized(in, Violation.OPTION_MALFORMED));
        }
        return new MetaContexts(code, export, queries);
    }
}
