package dev.nightjar.nbd.client;

import dev.nightjar.nbd.client.ScriptedServer.Script;
import dev.nightjar.nbd.protocol.InfoItem;
import dev.nightjar.nbd.protocol.OptionCode;
import dev.nightjar.nbd.protocol.OptionReply;
import dev.nightjar.nbd.protocol.OptionReplyType;
import dev.nightjar.nbd.protocol.ReplyMode;
import dev.nightjar.nbd.protocol.TransmissionFlags;
import dev.nightjar.nbd.protocol.Violation;
import io.netty.buffer.ByteBuf;
import java.util.List;
import java.util.function.Consumer;

/** Servers that lie to those who only ask: LIST, INFO, LIST_META_CONTEXT. */
final class HostileListings {

    private HostileListings() {}

    static List<Hostile> all() {
        return List.of(
                list(
                        "an export without name",
                        Violation.OPTION_REPLY_MALFORMED,
                        OptionReplyType.SERVER,
                        out -> out.writeShort(0)),
                list(
                        "a name longer than its reply",
                        Violation.TEXT_MALFORMED,
                        OptionReplyType.SERVER,
                        out -> out.writeInt(9)),
                list("a name of 4 GiB", Violation.TEXT_MALFORMED, OptionReplyType.SERVER, out -> out.writeInt(-1)),
                list(
                        "a name that is not UTF-8",
                        Violation.TEXT_MALFORMED,
                        OptionReplyType.SERVER,
                        out -> out.writeInt(2).writeShort(0xc328)),
                list(
                        "a description of 5000 bytes",
                        Violation.TEXT_MALFORMED,
                        OptionReplyType.SERVER,
                        out -> out.writeInt(0).writeZero(5000)),
                list(
                        "a size in a list",
                        Violation.OPTION_REPLY_UNEXPECTED,
                        OptionReplyType.INFO,
                        out -> out.writeShort(0).writeLong(512).writeShort(1)),
                list(
                        "an acknowledgement with content",
                        Violation.OPTION_REPLY_MALFORMED,
                        OptionReplyType.ACK,
                        out -> out.writeInt(1)),
                endless(
                        "exports without end",
                        80_000,
                        out -> new OptionReply.Server("x", "").encode(OptionCode.LIST, out)),
                endless(
                        "exports of 8 KiB without end",
                        1_100,
                        out -> new OptionReply.Server("n".repeat(4096), "d".repeat(4096)).encode(OptionCode.LIST, out)),
                contexts(
                        "contexts without end",
                        Violation.OPTION_REPLIES_TOO_MANY,
                        client -> client.send(out -> {
                            for (int i = 0; i < 1025; i++) {
                                new OptionReply.MetaContext(i, "x:" + i).encode(OptionCode.LIST_META_CONTEXT, out);
                            }
                        })),
                contexts(
                        "an export among contexts",
                        Violation.OPTION_REPLY_UNEXPECTED,
                        client -> client.reply(new OptionReply.Server("x", ""))),
                info("no size before the acknowledgement of INFO", Violation.EXPORT_INFO_MISSING, Peer::ack),
                info(
                        "two sizes for INFO",
                        Violation.EXPORT_INFO_DOUBLED,
                        client -> client.reply(SIZE, SIZE).ack()),
                info(
                        "the answer to GO for INFO",
                        Violation.OPTION_REPLY_FOREIGN,
                        client -> client.send(out -> SIZE.encode(OptionCode.GO, out))),
                info(
                        "an export for INFO",
                        Violation.OPTION_REPLY_UNEXPECTED,
                        client -> client.reply(new OptionReply.Server("x", ""))));
    }

    private static final OptionReply SIZE = new OptionReply.Item(new InfoItem.Export(512, new TransmissionFlags(1)));

    private static Hostile list(String name, Violation expected, int type, Consumer<ByteBuf> body) {
        return listing(name, expected, client -> client.replyRaw(type, body));
    }

    private static Hostile endless(String name, int count, Consumer<ByteBuf> reply) {
        return listing(
                name,
                Violation.OPTION_REPLIES_TOO_MANY,
                client -> client.send(out -> {
                    for (int i = 0; i < count; i++) {
                        reply.accept(out);
                    }
                }));
    }

    private static Hostile listing(String name, Violation expected, Script rest) {
        return Hostile.visited(
                "LIST: " + name,
                expected,
                client -> {
                    client.greet().expectOption(OptionCode.LIST);
                    rest.play(client);
                },
                uri -> NbdConnection.list(uri, Hostile.OPTIONS));
    }

    private static Hostile contexts(String name, Violation expected, Script rest) {
        return Hostile.visited(
                "LIST_META_CONTEXT: " + name,
                expected,
                client -> {
                    client.greet().expectOption(OptionCode.STRUCTURED_REPLY);
                    client.ack().expectOption(OptionCode.LIST_META_CONTEXT);
                    rest.play(client);
                },
                uri -> NbdConnection.offeredContexts(uri, Hostile.OPTIONS, "x:"));
    }

    private static Hostile info(String name, Violation expected, Script rest) {
        return Hostile.visited(
                name,
                expected,
                client -> {
                    client.agree(ReplyMode.EXTENDED).expectOption(OptionCode.INFO);
                    rest.play(client);
                },
                uri -> NbdConnection.describe(uri, Hostile.OPTIONS));
    }
}
