package dev.nightjar.nbd.client;

import static dev.nightjar.nbd.client.NbdOptions.BASE_ALLOCATION;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import dev.nightjar.nbd.client.ScriptedServer.Script;
import dev.nightjar.nbd.client.transport.NoLeaks;
import dev.nightjar.nbd.protocol.ChunkType;
import dev.nightjar.nbd.protocol.Command;
import dev.nightjar.nbd.protocol.InfoItem;
import dev.nightjar.nbd.protocol.Limits;
import dev.nightjar.nbd.protocol.OptionCode;
import dev.nightjar.nbd.protocol.OptionReply;
import dev.nightjar.nbd.protocol.OptionReplyHeader;
import dev.nightjar.nbd.protocol.ReplyHeader;
import dev.nightjar.nbd.protocol.ReplyMode;
import dev.nightjar.nbd.protocol.Request;
import dev.nightjar.nbd.protocol.TransmissionFlags;
import dev.nightjar.nbd.protocol.Violation;
import java.io.IOException;
import java.util.concurrent.CompletionException;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** One hostile server for each rule: the client names the rule, hangs up, and hands out nothing. */
@ExtendWith(NoLeaks.class)
class ViolationsTest {

    private static final int READ_BYTES = 64 * 1024;

    /** What the client does and the server answers. */
    record Case(String name, Violation expected, Script script, Consumer<NbdConnection> action) {
        @Override
        public String toString() {
            return name;
        }
    }

    @FunctionalInterface
    interface Answer {
        void to(Peer client, Request request) throws IOException;
    }

    static Stream<Case> handshakes() {
        return Stream.of(
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
                }));
    }

    private static Case handshake(String name, Violation expected, Script script) {
        return new Case(name, expected, script, connection -> {});
    }

    static Stream<Case> answers() {
        return Stream.of(
                read("no magic", Violation.REPLY_MAGIC, (client, read) -> client.send(out -> out.writeZero(32))),
                read(
                        "a simple reply",
                        Violation.REPLY_STYLE,
                        (client, read) -> client.send(new ReplyHeader.Simple(0, read.cookie())::encode)),
                read(
                        "a structured chunk",
                        Violation.REPLY_STYLE,
                        (client, read) -> client.send(new ReplyHeader.Structured(1, 0, read.cookie(), 0)::encode)),
                structuredRead(
                        "an extended chunk",
                        Violation.REPLY_STYLE,
                        (client, read) -> client.send(new ReplyHeader.Extended(1, 0, read.cookie(), 0, 0)::encode)),
                structuredRead(
                        "success without chunks",
                        Violation.REPLY_STYLE,
                        (client, read) -> client.send(new ReplyHeader.Simple(0, read.cookie())::encode)),
                read(
                        "an unknown cookie",
                        Violation.COOKIE_UNKNOWN,
                        (client, read) -> client.send(new ReplyHeader.Extended(1, 0, read.cookie() + 1, 0, 0)::encode)),
                read(
                        "another offset",
                        Violation.OFFSET_ECHO,
                        (client, read) -> client.send(
                                new ReplyHeader.Extended(1, 0, read.cookie(), read.offset() + 1, 0)::encode)),
                read("an unknown chunk", Violation.CHUNK_UNKNOWN, (client, read) -> client.header(read, 0, 77, 4)),
                read(
                        "block status for a read",
                        Violation.CHUNK_UNEXPECTED,
                        (client, read) -> client.status(read, 1, 1, 512, 0)),
                read(
                        "a payload without content",
                        Violation.CHUNK_LENGTH,
                        (client, read) -> client.header(read, 1, ChunkType.NONE, 1)),
                read(
                        "no content and no end",
                        Violation.NONE_NOT_DONE,
                        (client, read) -> client.header(read, 0, ChunkType.NONE, 0)),
                read("empty data", Violation.DATA_EMPTY, (client, read) -> client.data(read, 0, read.offset(), 0, 1)),
                read("an empty hole", Violation.DATA_EMPTY, (client, read) -> client.hole(read, 0, read.offset(), 0)),
                read(
                        "more data than was read",
                        Violation.CHUNK_LENGTH,
                        (client, read) -> client.header(read, 0, ChunkType.OFFSET_DATA, 8 + READ_BYTES + 1)),
                read(
                        "data of 2^63 bytes",
                        Violation.CHUNK_LENGTH,
                        (client, read) -> client.header(read, 0, ChunkType.OFFSET_DATA, Long.MIN_VALUE)),
                read(
                        "a hole of a wrong layout",
                        Violation.CHUNK_LENGTH,
                        (client, read) -> client.header(read, 0, ChunkType.OFFSET_HOLE, 16)),
                read(
                        "data before the range",
                        Violation.DATA_OUT_OF_RANGE,
                        (client, read) -> client.data(read, 0, read.offset() - 512, 512, 1)),
                read(
                        "data beyond the range",
                        Violation.DATA_OUT_OF_RANGE,
                        (client, read) -> client.data(read, 0, read.offset() + READ_BYTES - 511, 512, 1)),
                read("data at 2^64 - 1", Violation.DATA_OUT_OF_RANGE, (client, read) -> client.data(read, 0, -1, 2, 1)),
                read(
                        "a hole beyond the range",
                        Violation.DATA_OUT_OF_RANGE,
                        (client, read) -> client.hole(read, 0, read.offset(), READ_BYTES + 1)),
                read(
                        "a hole of 4 GiB",
                        Violation.DATA_OUT_OF_RANGE,
                        (client, read) -> client.hole(read, 0, read.offset(), -1)),
                read(
                        "the same bytes twice",
                        Violation.DATA_OVERLAP,
                        (client, read) -> client.data(read, 0, read.offset(), 1024, 1)
                                .data(read, 0, read.offset() + 1023, 10, 2)),
                read(
                        "a hole over data",
                        Violation.DATA_OVERLAP,
                        (client, read) -> client.data(read, 0, read.offset() + 4096, 1024, 1)
                                .hole(read, 1, read.offset(), READ_BYTES)),
                read(
                        "a gap",
                        Violation.DATA_MISSING,
                        (client, read) -> client.data(read, 0, read.offset(), 1024, 1)
                                .data(read, 1, read.offset() + 1025, READ_BYTES - 1025, 1)),
                read("success without data", Violation.DATA_MISSING, (client, read) -> client.done(read)),
                read(
                        "a chunk after the end",
                        Violation.AFTER_DONE,
                        (client, read) -> client.error(read, 1, 5, "").data(read, 1, read.offset(), 512, 1)),
                read("an error of 0", Violation.ERROR_ZERO, (client, read) -> client.error(read, 1, 0, "")),
                read(
                        "an error shorter than its head",
                        Violation.CHUNK_LENGTH,
                        (client, read) -> client.header(read, 1, ChunkType.ERROR, 5)),
                read(
                        "an error of a megabyte",
                        Violation.CHUNK_LENGTH,
                        (client, read) -> client.header(read, 1, ChunkType.ERROR, 1 << 20)),
                read(
                        "an error's text that does not fit",
                        Violation.ERROR_MESSAGE,
                        (client, read) -> client.chunk(
                                read, 1, ChunkType.ERROR, out -> out.writeInt(5).writeShort(9))),
                read(
                        "an error somewhere else",
                        Violation.ERROR_OFFSET,
                        (client, read) -> client.chunk(
                                read,
                                1,
                                ChunkType.ERROR_OFFSET,
                                out -> out.writeInt(5).writeShort(0).writeLong(0))),
                fragmented(
                        "two chunks where one was asked for",
                        Violation.DATA_FRAGMENTED,
                        (client, read) -> client.data(read, 0, read.offset(), 1024, 1)
                                .data(read, 1, read.offset() + 1024, READ_BYTES - 1024, 1)),
                walk(
                        "32-bit status with extended headers",
                        Violation.STATUS_TYPE,
                        (client, ask) -> client.chunk(
                                ask,
                                1,
                                ChunkType.BLOCK_STATUS,
                                out -> out.writeInt(1).writeInt(512).writeInt(0))),
                walk(
                        "a count that is not true",
                        Violation.STATUS_COUNT,
                        (client, ask) -> client.chunk(
                                ask,
                                1,
                                ChunkType.BLOCK_STATUS_EXT,
                                out -> out.writeInt(1).writeInt(2).writeZero(16))),
                walk("status without extents", Violation.STATUS_COUNT, (client, ask) -> client.status(ask, 1, 1)),
                walk(
                        "a billion extents",
                        Violation.STATUS_TOO_MANY,
                        (client, ask) -> client.header(
                                ask, 1, ChunkType.BLOCK_STATUS_EXT, 8 + 16L * (Limits.STATUS_DESCRIPTORS + 1))),
                walk(
                        "a context that was not granted",
                        Violation.STATUS_CONTEXT_UNKNOWN,
                        (client, ask) -> client.status(ask, 0, 1, Peer.SIZE, 0).status(ask, 1, 9, Peer.SIZE, 0)),
                walk(
                        "a context twice",
                        Violation.STATUS_CONTEXT_DOUBLED,
                        (client, ask) -> client.status(ask, 0, 1, Peer.SIZE, 0).status(ask, 1, 1, Peer.SIZE, 0)),
                walk(
                        "three chunks for two contexts",
                        Violation.STATUS_CONTEXT_DOUBLED,
                        (client, ask) -> client.status(ask, 0, 1, Peer.SIZE, 0)
                                .status(ask, 0, 2, Peer.SIZE, 0)
                                .status(ask, 1, 1, Peer.SIZE, 0)),
                walk(
                        "one context only",
                        Violation.STATUS_CONTEXT_MISSING,
                        (client, ask) -> client.status(ask, 1, 1, Peer.SIZE, 0)),
                walk("success without status", Violation.STATUS_CONTEXT_MISSING, (client, ask) -> client.done(ask)),
                walk(
                        "an empty extent",
                        Violation.STATUS_EXTENT_EMPTY,
                        (client, ask) -> client.status(ask, 0, 1, 512, 0, 0, 1).status(ask, 1, 2, Peer.SIZE, 0)),
                walk(
                        "an extent of 2^63 bytes",
                        Violation.STATUS_OVERFLOW,
                        (client, ask) ->
                                client.status(ask, 0, 1, Long.MIN_VALUE, 0).status(ask, 1, 2, Peer.SIZE, 0)),
                walk(
                        "extents that overflow together",
                        Violation.STATUS_OVERFLOW,
                        (client, ask) -> client.status(ask, 0, 1, Long.MAX_VALUE, 0, Long.MAX_VALUE, 1)
                                .status(ask, 1, 2, Peer.SIZE, 0)),
                flush(
                        "data for a flush",
                        Violation.CHUNK_UNEXPECTED,
                        (client, flush) -> client.data(flush, 1, 0, 512, 1)),
                flush(
                        "a hole for a flush",
                        Violation.CHUNK_UNEXPECTED,
                        (client, flush) -> client.hole(flush, 1, 0, 512)));
    }

    private static Case read(String name, Violation expected, Answer answer) {
        return answer(name, expected, ReplyMode.EXTENDED, Peer.FLAGS, Command.READ, answer);
    }

    private static Case structuredRead(String name, Violation expected, Answer answer) {
        return answer(name, expected, ReplyMode.STRUCTURED, Peer.FLAGS, Command.READ, answer);
    }

    private static Case fragmented(String name, Violation expected, Answer answer) {
        int flags = Peer.FLAGS | TransmissionFlags.SEND_DF;
        return answer(name, expected, ReplyMode.EXTENDED, flags, Command.READ, answer);
    }

    private static Case walk(String name, Violation expected, Answer answer) {
        return answer(name, expected, ReplyMode.EXTENDED, Peer.FLAGS, Command.BLOCK_STATUS, answer);
    }

    private static Case flush(String name, Violation expected, Answer answer) {
        return answer(name, expected, ReplyMode.EXTENDED, Peer.FLAGS, Command.FLUSH, answer);
    }

    private static Case answer(
            String name, Violation expected, ReplyMode mode, int flags, Command command, Answer answer) {
        Script script = client -> {
            client.agree(mode).grant(BASE_ALLOCATION, "qemu:dirty-bitmap:b").go(flags);
            answer.to(client, client.expectRequest(command));
        };
        return new Case(command + ": " + name, expected, script, connection -> {
            switch (command) {
                case READ -> connection.read(128 * 1024, READ_BYTES).join().release();
                case BLOCK_STATUS -> connection.walk(0, Peer.SIZE, extent -> {});
                case FLUSH -> connection.flush().join();
                default -> throw new IllegalArgumentException("" + command);
            }
        });
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource({"handshakes", "answers"})
    void isNamedAndEndsTheConnection(Case hostile) {
        NbdOptions options = NbdOptions.defaults().withOptionalContexts(BASE_ALLOCATION, "qemu:dirty-bitmap:b");
        try (ScriptedServer server = ScriptedServer.playing(client -> {
            try {
                hostile.script().play(client);
                client.expectEnd();
            } catch (IOException expected) {
                // The client may hang up before all of the nonsense is sent.
                assertThat(expected).hasMessageMatching("Connection reset|Broken pipe");
            }
        })) {
            Throwable failure = catchThrowable(() -> {
                try (NbdConnection connection = NbdConnection.open(server.uri(), options)) {
                    Throwable first = catchThrowable(() -> hostile.action().accept(connection));
                    // A violation may come right behind an answer that was sound by itself.
                    Throwable later = catchThrowable(() -> connection.flush().join());
                    assertThat(connection.isOpen()).isFalse();
                    throw unwrap(isViolation(first) ? first : later);
                }
            });
            assertThat(failure).isInstanceOfSatisfying(NbdException.class, e -> {
                assertThat(e.violation()).contains(hostile.expected());
                assertThat(e.code()).isEqualTo(NbdErrorCode.PROTOCOL_VIOLATION);
                assertThat(e.retryable()).isFalse();
            });
        }
    }

    private static boolean isViolation(Throwable failure) {
        return unwrap(failure) instanceof NbdException e && e.code() == NbdErrorCode.PROTOCOL_VIOLATION;
    }

    private static Throwable unwrap(Throwable failure) {
        return failure instanceof CompletionException && failure.getCause() != null ? failure.getCause() : failure;
    }
}
