package dev.nightjar.nbd.client;

import static dev.nightjar.nbd.client.Hostile.handshake;

import dev.nightjar.nbd.protocol.Greeting;
import dev.nightjar.nbd.protocol.Magic;
import dev.nightjar.nbd.protocol.OptionCode;
import dev.nightjar.nbd.protocol.ReplyHeader;
import dev.nightjar.nbd.protocol.Violation;
import java.util.List;

/** Servers that are none, or of the oldest kind. */
final class HostileGreetings {

    private HostileGreetings() {}

    static List<Hostile> all() {
        return List.of(
                handshake(
                        "a web server",
                        Violation.NOT_NBD,
                        client -> client.send(out -> out.writeBytes(
                                "HTTP/1.1 400 Bad Request\r\n".getBytes(java.nio.charset.StandardCharsets.US_ASCII)))),
                handshake(
                        "an oldstyle greeting",
                        Violation.OLDSTYLE,
                        client -> client.send(out -> out.writeLong(0x4e42444d41474943L)
                                .writeLong(0x0000420281861253L)
                                .writeShort(0))),
                handshake(
                        "a server of something else",
                        Violation.NOT_NBD,
                        client -> client.send(out -> out.writeBytes("SSH-2.0-OpenSSH_9.2p1 and more\r\n"
                                .getBytes(java.nio.charset.StandardCharsets.US_ASCII)))),
                handshake(
                        "NBDMAGIC and then nonsense",
                        Violation.NOT_NBD,
                        client -> client.send(out ->
                                out.writeLong(Magic.GREETING).writeLong(-1).writeShort(3))),
                handshake(
                        "the greeting's words in the wrong order",
                        Violation.NOT_NBD,
                        client -> client.send(out -> out.writeLong(Magic.OPTION)
                                .writeLong(Magic.GREETING)
                                .writeShort(3))),
                handshake(
                        "a reply to nothing, as on a server that does not wait for options",
                        Violation.OPTION_REPLY_MAGIC,
                        client -> {
                            client.greet().expectOption(OptionCode.EXTENDED_HEADERS);
                            client.send(new ReplyHeader.Extended(1, 0, 1, 0, 0)::encode);
                        }),
                handshake("an export of 2^64 - 1 bytes in the oldest handshake", Violation.EXPORT_TOO_LARGE, client -> {
                    client.greet(0).expectOption(OptionCode.EXPORT_NAME);
                    client.send(out -> out.writeLong(-1).writeShort(1).writeZero(124));
                }),
                handshake("more zeroes than the oldest handshake has", Violation.UNREQUESTED_DATA, client -> {
                    client.greet(0).expectOption(OptionCode.EXPORT_NAME);
                    client.send(out -> out.writeLong(512).writeShort(1).writeZero(125));
                }),
                handshake("zeroes that were agreed to be left out", Violation.UNREQUESTED_DATA, client -> {
                    client.greet(Greeting.NO_ZEROES).expectOption(OptionCode.EXPORT_NAME);
                    client.send(out -> out.writeLong(512).writeShort(1).writeZero(124));
                }));
    }
}
