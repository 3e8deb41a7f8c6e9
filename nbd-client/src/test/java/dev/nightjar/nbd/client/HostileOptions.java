package dev.nightjar.nbd.client;

import static dev.nightjar.nbd.client.Hostile.DIRTY;
import static dev.nightjar.nbd.client.Hostile.handshake;
import static dev.nightjar.nbd.client.NbdOptions.BASE_ALLOCATION;

import dev.nightjar.nbd.protocol.BlockSizes;
import dev.nightjar.nbd.protocol.InfoItem;
import dev.nightjar.nbd.protocol.OptionCode;
import dev.nightjar.nbd.protocol.OptionReply;
import dev.nightjar.nbd.protocol.OptionReplyHeader;
import dev.nightjar.nbd.protocol.OptionReplyType;
import dev.nightjar.nbd.protocol.ReplyMode;
import dev.nightjar.nbd.protocol.TransmissionFlags;
import dev.nightjar.nbd.protocol.Violation;
import io.netty.buffer.ByteBuf;
import java.util.List;
import java.util.function.Consumer;

/** Servers that answer options wrongly. */
final class HostileOptions {

    private HostileOptions() {}

    static List<Hostile> all() {
        return List.of(
                handshake("a reply without magic", Violation.OPTION_REPLY_MAGIC, client -> {
                    client.greet().expectOption(OptionCode.EXTENDED_HEADERS);
                    client.send(out -> out.writeZero(OptionReplyHeader.BYTES));
                }),
                handshake("a reply to another option", Violation.OPTION_REPLY_FOREIGN, client -> {
                    client.greet().expectOption(OptionCode.EXTENDED_HEADERS);
                    client.send(out -> new OptionReply.Ack().encode(OptionCode.GO, out));
                }),
                handshake("a reply of 4 GiB", Violation.OPTION_REPLY_TOO_LONG, client -> {
                    client.greet().expectOption(OptionCode.EXTENDED_HEADERS);
                    client.send(new OptionReplyHeader(OptionCode.EXTENDED_HEADERS, 1, -1)::encode);
                }),
                handshake("a reply of no known type", Violation.OPTION_REPLY_UNKNOWN, client -> {
                    client.greet().expectOption(OptionCode.EXTENDED_HEADERS);
                    client.send(new OptionReplyHeader(OptionCode.EXTENDED_HEADERS, 77, 0)::encode);
                }),
                handshake("an export in reply to extended headers", Violation.OPTION_REPLY_UNEXPECTED, client -> {
                    client.greet().expectOption(OptionCode.EXTENDED_HEADERS);
                    client.reply(new OptionReply.Server("x", ""));
                }),
                handshake("an acknowledgement with content", Violation.OPTION_REPLY_MALFORMED, client -> {
                    client.greet().expectOption(OptionCode.EXTENDED_HEADERS);
                    client.send(out -> {
                        new OptionReplyHeader(OptionCode.EXTENDED_HEADERS, 1, 4).encode(out);
                        out.writeInt(0);
                    });
                }),
                handshake("an error text that is not UTF-8", Violation.TEXT_MALFORMED, client -> {
                    client.greet().expectOption(OptionCode.EXTENDED_HEADERS);
                    client.send(out -> {
                        new OptionReplyHeader(OptionCode.EXTENDED_HEADERS, 1 << 31 | 1, 2).encode(out);
                        out.writeShort(0xc328);
                    });
                }),
                handshake(
                        "a context that nobody asked for",
                        Violation.CONTEXT_UNASKED,
                        client -> client.agree(ReplyMode.EXTENDED).grant("qemu:dirty-bitmap:other")),
                handshake(
                        "more contexts than were asked for",
                        Violation.OPTION_REPLIES_TOO_MANY,
                        client -> client.agree(ReplyMode.EXTENDED).grant(BASE_ALLOCATION, "a:b", "c:d")),
                handshake("no size before the acknowledgement", Violation.EXPORT_INFO_MISSING, client -> {
                    client.agree(ReplyMode.EXTENDED).grant().expectOption(OptionCode.GO);
                    client.ack();
                }),
                handshake("two sizes", Violation.EXPORT_INFO_DOUBLED, client -> {
                    client.agree(ReplyMode.EXTENDED).grant().expectOption(OptionCode.GO);
                    var size = new OptionReply.Item(new InfoItem.Export(512, new TransmissionFlags(1)));
                    client.reply(size, size).ack();
                }),
                handshake("a size of 2^63", Violation.EXPORT_TOO_LARGE, client -> {
                    client.agree(ReplyMode.EXTENDED).grant().expectOption(OptionCode.GO);
                    client.reply(new OptionReply.Item(new InfoItem.Export(Long.MIN_VALUE, new TransmissionFlags(1))));
                }),
                handshake("items without end", Violation.OPTION_REPLIES_TOO_MANY, client -> {
                    client.agree(ReplyMode.EXTENDED).grant().expectOption(OptionCode.GO);
                    for (int i = 0; i < 65; i++) {
                        client.reply(new OptionReply.Item(new InfoItem.Other(500)));
                    }
                }),
                handshake("bytes after the end of the handshake", Violation.UNREQUESTED_DATA, client -> {
                    client.agree(ReplyMode.EXTENDED).grant().expectOption(OptionCode.GO);
                    client.send(out -> {
                        new OptionReply.Item(new InfoItem.Export(512, new TransmissionFlags(1)))
                                .encode(OptionCode.GO, out);
                        new OptionReply.Ack().encode(OptionCode.GO, out);
                        out.writeLong(0);
                    });
                }),
                handshake("type 0 as a reply", Violation.OPTION_REPLY_UNKNOWN, client -> {
                    client.greet().expectOption(OptionCode.EXTENDED_HEADERS);
                    client.send(new OptionReplyHeader(OptionCode.EXTENDED_HEADERS, 0, 0)::encode);
                }),
                handshake("an export in reply to GO", Violation.OPTION_REPLY_UNEXPECTED, client -> {
                    client.agree(ReplyMode.EXTENDED).grant().expectOption(OptionCode.GO);
                    client.reply(new OptionReply.Server("x", ""));
                }),
                handshake("a size in reply to metadata contexts", Violation.OPTION_REPLY_UNEXPECTED, client -> {
                    client.agree(ReplyMode.STRUCTURED).expectOption(OptionCode.SET_META_CONTEXT);
                    client.reply(size(512));
                }),
                handshake("two contexts of one id", Violation.CONTEXT_DOUBLED, client -> {
                    client.agree(ReplyMode.EXTENDED).expectOption(OptionCode.SET_META_CONTEXT);
                    client.reply(
                            new OptionReply.MetaContext(1, BASE_ALLOCATION), new OptionReply.MetaContext(1, DIRTY));
                    client.ack();
                }),
                handshake("one context of two ids", Violation.CONTEXT_DOUBLED, client -> {
                    client.agree(ReplyMode.EXTENDED).expectOption(OptionCode.SET_META_CONTEXT);
                    client.reply(new OptionReply.MetaContext(1, DIRTY), new OptionReply.MetaContext(2, DIRTY));
                    client.ack();
                }),
                context("a context without an id", Violation.OPTION_REPLY_MALFORMED, out -> out.writeShort(1)),
                context(
                        "a context with NUL in its name",
                        Violation.TEXT_MALFORMED,
                        out -> out.writeInt(1).writeBytes(new byte[] {'a', ':', 0})),
                context(
                        "a context with a name of 5000 bytes",
                        Violation.TEXT_MALFORMED,
                        out -> out.writeInt(1).writeZero(5000)),
                item("an item without type", Violation.OPTION_REPLY_MALFORMED, out -> out.writeByte(0)),
                item(
                        "half a size",
                        Violation.OPTION_REPLY_MALFORMED,
                        out -> out.writeShort(0).writeInt(512)),
                item(
                        "a size and more",
                        Violation.OPTION_REPLY_MALFORMED,
                        out -> out.writeShort(0).writeLong(512).writeShort(1).writeByte(0)),
                item(
                        "two block sizes of three",
                        Violation.OPTION_REPLY_MALFORMED,
                        out -> out.writeShort(3).writeInt(512).writeInt(512)),
                item(
                        "a description that is not UTF-8",
                        Violation.TEXT_MALFORMED,
                        out -> out.writeShort(2).writeShort(0xc328)),
                item(
                        "a name of 5000 bytes",
                        Violation.TEXT_MALFORMED,
                        out -> out.writeShort(1).writeZero(5000)),
                sizes("a minimum block of 0", 0, 4096, 65536),
                sizes("a minimum block of 3", 3, 4096, 65536),
                sizes("a minimum block of 128 KiB", 128 << 10, 128 << 10, 1 << 20),
                sizes("a preferred block of 256", 1, 256, 65536),
                sizes("a preferred block of 5000", 1, 5000, 65536),
                sizes("a preferred block below the minimum", 4096, 512, 65536),
                sizes("a maximum below the preferred block", 512, 65536, 4096),
                sizes("a maximum that is no multiple of the minimum", 4096, 4096, 65537),
                doubled("two block sizes", new BlockSizes(1, 4096, 65536)),
                doubled("two descriptions", new InfoItem.Description("x")),
                doubled("two names", new InfoItem.Name("x")),
                handshake("a text of 5000 bytes for a refusal", Violation.TEXT_MALFORMED, client -> {
                    client.agree(ReplyMode.EXTENDED).grant().expectOption(OptionCode.GO);
                    client.send(out -> {
                        new OptionReplyHeader(OptionCode.GO, 1 << 31 | 6, 5000).encode(out);
                        out.writeZero(5000);
                    });
                }),
                handshake(
                        "a refusal after half of an answer to another option",
                        Violation.OPTION_REPLY_FOREIGN,
                        client -> {
                            client.agree(ReplyMode.EXTENDED).grant().expectOption(OptionCode.GO);
                            client.reply(size(512));
                            client.send(out -> new OptionReply.Ack().encode(OptionCode.INFO, out));
                        }));
    }

    private static OptionReply size(long bytes) {
        return new OptionReply.Item(new InfoItem.Export(bytes, new TransmissionFlags(1)));
    }

    /** A reply to SET_META_CONTEXT with this body. */
    private static Hostile context(String name, Violation expected, Consumer<ByteBuf> body) {
        return handshake(name, expected, client -> {
            client.agree(ReplyMode.EXTENDED).expectOption(OptionCode.SET_META_CONTEXT);
            client.replyRaw(OptionReplyType.META_CONTEXT, body);
        });
    }

    /** A reply to GO with this body. */
    private static Hostile item(String name, Violation expected, Consumer<ByteBuf> body) {
        return handshake(name, expected, client -> {
            client.agree(ReplyMode.EXTENDED).grant().expectOption(OptionCode.GO);
            client.replyRaw(OptionReplyType.INFO, body);
        });
    }

    private static Hostile sizes(String name, int minimum, int preferred, int maximum) {
        return item(
                name,
                Violation.BLOCK_SIZE_INVALID,
                out -> out.writeShort(InfoItem.BLOCK_SIZE)
                        .writeInt(minimum)
                        .writeInt(preferred)
                        .writeInt(maximum));
    }

    private static Hostile doubled(String name, InfoItem item) {
        return handshake(name, Violation.EXPORT_INFO_DOUBLED, client -> {
            client.agree(ReplyMode.EXTENDED).grant().expectOption(OptionCode.GO);
            client.reply(new OptionReply.Item(item), size(512), new OptionReply.Item(item), new OptionReply.Ack());
        });
    }
}
