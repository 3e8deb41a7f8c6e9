package dev.nightjar.nbd.client;

import static dev.nightjar.nbd.client.Hostile.READ_BYTES;

import dev.nightjar.nbd.client.Hostile.Answer;
import dev.nightjar.nbd.protocol.ChunkType;
import dev.nightjar.nbd.protocol.Command;
import dev.nightjar.nbd.protocol.Magic;
import dev.nightjar.nbd.protocol.ReplyHeader;
import dev.nightjar.nbd.protocol.ReplyMode;
import dev.nightjar.nbd.protocol.Request;
import dev.nightjar.nbd.protocol.TransmissionFlags;
import dev.nightjar.nbd.protocol.Violation;
import java.util.List;
import java.util.stream.Stream;

/** Servers that answer reads wrongly, in every kind of reply. */
final class HostileReads {

    private HostileReads() {}

    static List<Hostile> all() {
        return Stream.of(styles().stream(), chunks(ReplyMode.STRUCTURED).stream(), chunks(ReplyMode.EXTENDED).stream())
                .flatMap(each -> each)
                .toList();
    }

    /** Replies that are not of the kind that was negotiated, or to nothing that was asked. */
    private static List<Hostile> styles() {
        return List.of(
                extended("no magic", Violation.REPLY_MAGIC, (client, read) -> client.send(out -> out.writeZero(32))),
                extended(
                        "a simple reply",
                        Violation.REPLY_STYLE,
                        (client, read) -> client.send(new ReplyHeader.Simple(0, read.cookie())::encode)),
                extended(
                        "a simple error",
                        Violation.REPLY_STYLE,
                        (client, read) -> client.send(new ReplyHeader.Simple(5, read.cookie())::encode)),
                extended(
                        "a structured chunk",
                        Violation.REPLY_STYLE,
                        (client, read) -> client.send(new ReplyHeader.Structured(1, 0, read.cookie(), 0)::encode)),
                extended(
                        "another offset",
                        Violation.OFFSET_ECHO,
                        (client, read) -> client.send(
                                new ReplyHeader.Extended(1, 0, read.cookie(), read.offset() + 1, 0)::encode)),
                extended(
                        "another offset in an error",
                        Violation.OFFSET_ECHO,
                        (client, read) ->
                                client.send(new ReplyHeader.Extended(1, ChunkType.ERROR, read.cookie(), 0, 6)::encode)),
                extended(
                        "a request's header",
                        Violation.REPLY_MAGIC,
                        (client, read) -> client.send(out -> read.encode(out, ReplyMode.EXTENDED))),
                extended(
                        "half of a header and then another",
                        Violation.COOKIE_UNKNOWN,
                        (client, read) -> client.send(out -> {
                            out.writeInt(Magic.EXTENDED_REPLY).writeShort(1).writeShort(0);
                            new ReplyHeader.Extended(1, 0, read.cookie(), read.offset(), 0).encode(out);
                        })),
                read(
                        ReplyMode.STRUCTURED,
                        "an extended chunk",
                        Violation.REPLY_STYLE,
                        (client, read) -> client.send(new ReplyHeader.Extended(1, 0, read.cookie(), 0, 0)::encode)),
                read(
                        ReplyMode.STRUCTURED,
                        "success without chunks",
                        Violation.REPLY_STYLE,
                        (client, read) -> client.send(new ReplyHeader.Simple(0, read.cookie())::encode)),
                read(
                        ReplyMode.STRUCTURED,
                        "a simple error",
                        Violation.REPLY_STYLE,
                        (client, read) -> client.send(new ReplyHeader.Simple(5, read.cookie())::encode)),
                read(
                        ReplyMode.SIMPLE,
                        "a structured chunk",
                        Violation.REPLY_STYLE,
                        (client, read) -> client.send(new ReplyHeader.Structured(1, 0, read.cookie(), 0)::encode)),
                read(
                        ReplyMode.SIMPLE,
                        "no magic",
                        Violation.REPLY_MAGIC,
                        (client, read) -> client.send(out -> out.writeZero(16))),
                read(
                        ReplyMode.SIMPLE,
                        "an unknown cookie",
                        Violation.COOKIE_UNKNOWN,
                        (client, read) -> client.send(new ReplyHeader.Simple(0, read.cookie() + 1)::encode)),
                read(
                        ReplyMode.SIMPLE,
                        "the data twice",
                        Violation.AFTER_DONE,
                        (client, read) -> client.send(out -> {
                            for (int i = 0; i < 2; i++) {
                                new ReplyHeader.Simple(0, read.cookie()).encode(out);
                                out.writeZero(READ_BYTES);
                            }
                        })),
                read(
                        ReplyMode.SIMPLE,
                        "more data than was read",
                        Violation.REPLY_MAGIC,
                        (client, read) -> client.send(out -> {
                            new ReplyHeader.Simple(0, read.cookie()).encode(out);
                            out.writeZero(READ_BYTES + 16);
                        })),
                Hostile.answer(
                        "two chunks where one was asked for",
                        Violation.DATA_FRAGMENTED,
                        ReplyMode.EXTENDED,
                        Peer.FLAGS | TransmissionFlags.SEND_DF,
                        Command.READ,
                        (client, read) -> client.data(read, 0, read.offset(), 1024, 1)
                                .data(read, 1, read.offset() + 1024, READ_BYTES - 1024, 1)),
                Hostile.answer(
                        "data and a hole where one chunk was asked for",
                        Violation.DATA_FRAGMENTED,
                        ReplyMode.STRUCTURED,
                        Peer.FLAGS | TransmissionFlags.SEND_DF,
                        Command.READ,
                        (client, read) -> client.data(read, 0, read.offset(), 1024, 1)
                                .hole(read, 1, read.offset() + 1024, READ_BYTES - 1024)),
                Hostile.visited(
                        "a read in a hundred thousand islands",
                        Violation.DATA_TOO_SCATTERED,
                        client -> {
                            client.agree(ReplyMode.STRUCTURED).go(Peer.FLAGS);
                            Request read = client.expectRequest(Command.READ);
                            client.send(out -> {
                                for (int i = 0; i < 100_000; i++) {
                                    new ReplyHeader.Structured(0, ChunkType.OFFSET_DATA, read.cookie(), 9).encode(out);
                                    out.writeLong(2L * i).writeByte(1);
                                }
                            });
                        },
                        uri -> {
                            NbdOptions plain = NbdOptions.defaults().withOptionalContexts();
                            try (NbdConnection connection = NbdConnection.open(uri, plain)) {
                                Unhelpful.ask(
                                        connection,
                                        () -> connection.read(0, 1 << 20).join().release());
                            }
                        }));
    }

    /** Chunks that are wrong in themselves, or do not fit together. */
    private static List<Hostile> chunks(ReplyMode mode) {
        return List.of(
                read(
                        mode,
                        "an unknown cookie",
                        Violation.COOKIE_UNKNOWN,
                        (client, read) -> client.header(
                                new Request(0, Command.READ, read.cookie() + 1, read.offset(), 0), 1, 0, 0)),
                read(
                        mode,
                        "the cookie 0",
                        Violation.COOKIE_UNKNOWN,
                        (client, read) -> client.header(new Request(0, Command.READ, 0, read.offset(), 0), 1, 0, 0)),
                read(
                        mode,
                        "the cookie 2^64 - 1",
                        Violation.COOKIE_UNKNOWN,
                        (client, read) -> client.header(new Request(0, Command.READ, -1, read.offset(), 0), 1, 0, 0)),
                read(
                        mode,
                        "an unknown chunk",
                        Violation.CHUNK_UNKNOWN,
                        (client, read) -> client.header(read, 0, 77, 4)),
                read(
                        mode,
                        "block status for a read",
                        Violation.CHUNK_UNEXPECTED,
                        (client, read) -> client.status(read, 1, 1, 512, 0)),
                read(
                        mode,
                        "a payload without content",
                        Violation.CHUNK_LENGTH,
                        (client, read) -> client.header(read, 1, ChunkType.NONE, 1)),
                read(
                        mode,
                        "no content and no end",
                        Violation.NONE_NOT_DONE,
                        (client, read) -> client.header(read, 0, ChunkType.NONE, 0)),
                read(
                        mode,
                        "empty data",
                        Violation.DATA_EMPTY,
                        (client, read) -> client.data(read, 0, read.offset(), 0, 1)),
                read(
                        mode,
                        "an empty hole",
                        Violation.DATA_EMPTY,
                        (client, read) -> client.hole(read, 0, read.offset(), 0)),
                read(
                        mode,
                        "more data than was read",
                        Violation.CHUNK_LENGTH,
                        (client, read) -> client.header(read, 0, ChunkType.OFFSET_DATA, 8 + READ_BYTES + 1)),
                read(
                        mode,
                        "data of 2^63 bytes",
                        Violation.CHUNK_LENGTH,
                        (client, read) -> client.header(read, 0, ChunkType.OFFSET_DATA, Long.MIN_VALUE)),
                read(
                        mode,
                        "a hole of a wrong layout",
                        Violation.CHUNK_LENGTH,
                        (client, read) -> client.header(read, 0, ChunkType.OFFSET_HOLE, 16)),
                read(
                        mode,
                        "data before the range",
                        Violation.DATA_OUT_OF_RANGE,
                        (client, read) -> client.data(read, 0, read.offset() - 512, 512, 1)),
                read(
                        mode,
                        "data beyond the range",
                        Violation.DATA_OUT_OF_RANGE,
                        (client, read) -> client.data(read, 0, read.offset() + READ_BYTES - 511, 512, 1)),
                read(
                        mode,
                        "data at 2^64 - 1",
                        Violation.DATA_OUT_OF_RANGE,
                        (client, read) -> client.data(read, 0, -1, 2, 1)),
                read(
                        mode,
                        "a hole beyond the range",
                        Violation.DATA_OUT_OF_RANGE,
                        (client, read) -> client.hole(read, 0, read.offset(), READ_BYTES + 1)),
                read(
                        mode,
                        "a hole of 4 GiB",
                        Violation.DATA_OUT_OF_RANGE,
                        (client, read) -> client.hole(read, 0, read.offset(), -1)),
                read(
                        mode,
                        "the same bytes twice",
                        Violation.DATA_OVERLAP,
                        (client, read) -> client.data(read, 0, read.offset(), 1024, 1)
                                .data(read, 0, read.offset() + 1023, 10, 2)),
                read(
                        mode,
                        "a hole over data",
                        Violation.DATA_OVERLAP,
                        (client, read) -> client.data(read, 0, read.offset() + 4096, 1024, 1)
                                .hole(read, 1, read.offset(), READ_BYTES)),
                read(
                        mode,
                        "a gap",
                        Violation.DATA_MISSING,
                        (client, read) -> client.data(read, 0, read.offset(), 1024, 1)
                                .data(read, 1, read.offset() + 1025, READ_BYTES - 1025, 1)),
                read(mode, "success without data", Violation.DATA_MISSING, (client, read) -> client.done(read)),
                read(
                        mode,
                        "a chunk after the end",
                        Violation.AFTER_DONE,
                        (client, read) -> client.error(read, 1, 5, "").data(read, 1, read.offset(), 512, 1)),
                read(mode, "an error of 0", Violation.ERROR_ZERO, (client, read) -> client.error(read, 1, 0, "")),
                read(
                        mode,
                        "an error shorter than its head",
                        Violation.CHUNK_LENGTH,
                        (client, read) -> client.header(read, 1, ChunkType.ERROR, 5)),
                read(
                        mode,
                        "an error of a megabyte",
                        Violation.CHUNK_LENGTH,
                        (client, read) -> client.header(read, 1, ChunkType.ERROR, 1 << 20)),
                read(
                        mode,
                        "an error's text that does not fit",
                        Violation.ERROR_MESSAGE,
                        (client, read) -> client.chunk(
                                read, 1, ChunkType.ERROR, out -> out.writeInt(5).writeShort(9))),
                read(
                        mode,
                        "an error somewhere else",
                        Violation.ERROR_OFFSET,
                        (client, read) -> client.chunk(
                                read,
                                1,
                                ChunkType.ERROR_OFFSET,
                                out -> out.writeInt(5).writeShort(0).writeLong(0))),
                read(
                        mode,
                        "an error whose offset is missing",
                        Violation.ERROR_MESSAGE,
                        (client, read) -> client.chunk(
                                read,
                                1,
                                ChunkType.ERROR_OFFSET,
                                out -> out.writeInt(5).writeShort(0))),
                read(
                        mode,
                        "an error whose text is not UTF-8",
                        Violation.TEXT_MALFORMED,
                        (client, read) -> client.chunk(
                                read,
                                1,
                                ChunkType.ERROR,
                                out -> out.writeInt(5).writeShort(2).writeShort(0xc328))),
                read(
                        mode,
                        "an unknown error shorter than its head",
                        Violation.CHUNK_LENGTH,
                        (client, read) -> client.header(read, 1, ChunkType.ERROR_BIT | 77, 3)),
                read(
                        mode,
                        "the same hole twice",
                        Violation.DATA_OVERLAP,
                        (client, read) ->
                                client.hole(read, 0, read.offset(), 512).hole(read, 0, read.offset(), 512)),
                read(
                        mode,
                        "a hole that is not all",
                        Violation.DATA_MISSING,
                        (client, read) -> client.hole(read, 1, read.offset(), READ_BYTES - 1)));
    }

    private static Hostile extended(String name, Violation expected, Answer answer) {
        return read(ReplyMode.EXTENDED, name, expected, answer);
    }

    private static Hostile read(ReplyMode mode, String name, Violation expected, Answer answer) {
        return Hostile.answer(name, expected, mode, Peer.FLAGS, Command.READ, answer);
    }
}
