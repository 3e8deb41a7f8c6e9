package dev.nightjar.nbd.client;

import dev.nightjar.nbd.client.ScriptedServer.Script;
import dev.nightjar.nbd.client.tls.TlsSettings;
import dev.nightjar.nbd.protocol.Command;
import dev.nightjar.nbd.protocol.InfoItem;
import dev.nightjar.nbd.protocol.OptionCode;
import dev.nightjar.nbd.protocol.OptionReply;
import dev.nightjar.nbd.protocol.OptionReplyType;
import dev.nightjar.nbd.protocol.ReplyMode;
import dev.nightjar.nbd.protocol.Request;
import dev.nightjar.nbd.protocol.TransmissionFlags;
import dev.nightjar.nbd.protocol.Violation;
import dev.nightjar.testkit.Certificates;
import java.nio.charset.StandardCharsets;
import java.util.List;
import javax.net.ssl.SSLContext;

/** Servers that break the rules where TLS begins, or under it. */
final class HostileTls {

    private static final SSLContext SERVER = new Certificates().context(Certificates.server("localhost"));

    private HostileTls() {}

    static List<Hostile> all() {
        return List.of(
                starting(
                        "bytes in the packet of the acknowledgement",
                        Violation.TLS_LEFTOVER,
                        client -> client.send(out -> {
                            new OptionReply.Ack().encode(OptionCode.STARTTLS, out);
                            new OptionReply.Ack().encode(OptionCode.EXTENDED_HEADERS, out);
                        })),
                starting(
                        "two acknowledgements",
                        Violation.TLS_LEFTOVER,
                        client -> client.send(out -> {
                            new OptionReply.Ack().encode(OptionCode.STARTTLS, out);
                            new OptionReply.Ack().encode(OptionCode.STARTTLS, out);
                        })),
                starting("options in plain after the acknowledgement", Violation.TLS_IN_PLAIN, client -> {
                    client.ack().receive(32);
                    client.send(out -> new OptionReply.Ack().encode(OptionCode.EXTENDED_HEADERS, out));
                }),
                starting("a web page after the acknowledgement", Violation.TLS_IN_PLAIN, client -> {
                    client.ack().receive(32);
                    client.send(
                            out -> out.writeBytes("HTTP/1.1 400 Bad Request\r\n".getBytes(StandardCharsets.US_ASCII)));
                }),
                starting(
                        "an acknowledgement of something else",
                        Violation.OPTION_REPLY_FOREIGN,
                        client -> client.send(out -> new OptionReply.Ack().encode(OptionCode.EXTENDED_HEADERS, out))),
                starting(
                        "an acknowledgement with content",
                        Violation.OPTION_REPLY_MALFORMED,
                        client -> client.replyRaw(OptionReplyType.ACK, out -> out.writeInt(0))),
                starting(
                        "an export in reply to STARTTLS",
                        Violation.OPTION_REPLY_UNEXPECTED,
                        client -> client.reply(new OptionReply.Server("x", ""))),
                under("no magic under TLS", Violation.OPTION_REPLY_MAGIC, client -> {
                    client.expectOption(OptionCode.EXTENDED_HEADERS);
                    client.send(out -> out.writeZero(20));
                }),
                under("options in plain again", Violation.TLS_IN_PLAIN, client -> {
                    client.expectOption(OptionCode.EXTENDED_HEADERS);
                    client.decrypt().ack();
                }),
                under("a read without magic under TLS", Violation.REPLY_MAGIC, client -> {
                    client.agreeOn(ReplyMode.EXTENDED).grant().go(Peer.FLAGS).expectRequest(Command.READ);
                    client.send(out -> out.writeZero(32));
                }),
                under("a read in plain again", Violation.TLS_IN_PLAIN, client -> {
                    client.agreeOn(ReplyMode.EXTENDED).grant().go(Peer.FLAGS);
                    Request read = client.expectRequest(Command.READ);
                    client.decrypt().data(read, 1, read.offset(), (int) read.length(), 1);
                }),
                under("bytes after the end of the handshake under TLS", Violation.UNREQUESTED_DATA, client -> {
                    client.agreeOn(ReplyMode.EXTENDED).grant().expectOption(OptionCode.GO);
                    client.send(out -> {
                        new OptionReply.Item(new InfoItem.Export(512, new TransmissionFlags(1)))
                                .encode(OptionCode.GO, out);
                        new OptionReply.Ack().encode(OptionCode.GO, out);
                        out.writeLong(0);
                    });
                }));
    }

    /** It misbehaves where TLS is to begin. */
    private static Hostile starting(String name, Violation expected, Script rest) {
        NbdOptions required = Hostile.OPTIONS.withTls(TlsSettings.REQUIRED);
        return Hostile.visited(
                "STARTTLS: " + name,
                expected,
                client -> {
                    client.greet().expectOption(OptionCode.STARTTLS);
                    rest.play(client);
                },
                uri -> NbdConnection.open(uri, required).close());
    }

    /** It misbehaves under TLS, to a client that reads if it gets so far. */
    private static Hostile under(String name, Violation expected, Script rest) {
        NbdOptions unverified = Hostile.OPTIONS.withTls(TlsSettings.REQUIRED.withVerifyPeer(false));
        return new Hostile(
                name,
                expected,
                true,
                client -> {
                    client.greet().expectOption(OptionCode.STARTTLS);
                    client.ack().encrypt(SERVER);
                    rest.play(client);
                },
                uri -> {
                    try (NbdConnection connection = NbdConnection.open(uri, unverified)) {
                        Unhelpful.ask(connection, () -> Hostile.request(connection, Command.READ));
                    }
                });
    }
}
