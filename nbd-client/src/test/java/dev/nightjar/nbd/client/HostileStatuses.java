package dev.nightjar.nbd.client;

import dev.nightjar.nbd.client.Hostile.Answer;
import dev.nightjar.nbd.protocol.ChunkType;
import dev.nightjar.nbd.protocol.Command;
import dev.nightjar.nbd.protocol.Limits;
import dev.nightjar.nbd.protocol.ReplyHeader;
import dev.nightjar.nbd.protocol.ReplyMode;
import dev.nightjar.nbd.protocol.TransmissionFlags;
import dev.nightjar.nbd.protocol.Violation;
import java.util.List;

/** Servers that answer block status wrongly, in both forms. */
final class HostileStatuses {

    private HostileStatuses() {}

    static List<Hostile> all() {
        return List.of(
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
                structured(
                        "64-bit status with structured replies",
                        Violation.STATUS_TYPE,
                        (client, ask) -> client.header(ask, 1, ChunkType.BLOCK_STATUS_EXT, 24)),
                structured(
                        "success by a simple reply",
                        Violation.REPLY_STYLE,
                        (client, ask) -> client.send(new ReplyHeader.Simple(0, ask.cookie())::encode)),
                structured(
                        "half an extent",
                        Violation.STATUS_COUNT,
                        (client, ask) -> client.header(ask, 1, ChunkType.BLOCK_STATUS, 4 + 12)),
                structured(
                        "a billion extents",
                        Violation.STATUS_TOO_MANY,
                        (client, ask) -> client.header(
                                ask, 1, ChunkType.BLOCK_STATUS, 4 + 8L * (Limits.STATUS_DESCRIPTORS + 1))),
                structured(
                        "an empty extent",
                        Violation.STATUS_EXTENT_EMPTY,
                        (client, ask) -> client.status(ask, 0, 1, 0, 0).status(ask, 1, 2, Peer.SIZE, 0)),
                structured(
                        "a context that was not granted",
                        Violation.STATUS_CONTEXT_UNKNOWN,
                        (client, ask) -> client.status(ask, 0, 1, Peer.SIZE, 0).status(ask, 1, 9, Peer.SIZE, 0)),
                structured(
                        "one context only",
                        Violation.STATUS_CONTEXT_MISSING,
                        (client, ask) -> client.status(ask, 1, 2, Peer.SIZE, 0)),
                walk(
                        "a payload of 2^64 - 1 bytes",
                        Violation.STATUS_TOO_MANY,
                        (client, ask) -> client.header(ask, 1, ChunkType.BLOCK_STATUS_EXT, -1)),
                walk(
                        "a context id and nothing else",
                        Violation.STATUS_COUNT,
                        (client, ask) -> client.header(ask, 1, ChunkType.BLOCK_STATUS_EXT, 4)),
                walk(
                        "half an extent",
                        Violation.STATUS_COUNT,
                        (client, ask) -> client.header(ask, 1, ChunkType.BLOCK_STATUS_EXT, 8 + 24)),
                walk("data", Violation.CHUNK_UNEXPECTED, (client, ask) -> client.data(ask, 1, 0, 512, 1)),
                walk(
                        "extents after the end",
                        Violation.AFTER_DONE,
                        (client, ask) -> client.status(ask, 0, 1, Peer.SIZE, 0)
                                .status(ask, 1, 2, Peer.SIZE, 0)
                                .status(ask, 1, 2, Peer.SIZE, 0)),
                one(
                        "two extents where one was asked for",
                        (client, ask) ->
                                client.status(ask, 0, 1, 512, 0, 512, 1).status(ask, 1, 2, 512, 0)),
                one(
                        "an extent longer than asked",
                        (client, ask) -> client.status(ask, 0, 1, 4096, 0).status(ask, 1, 2, 4097, 0)),
                filtered(
                        "a context that was to be left out",
                        Violation.STATUS_CONTEXT_UNKNOWN,
                        (client, ask) -> client.status(ask, 1, 1, Peer.SIZE, 0)),
                filtered(
                        "all contexts where one was asked for",
                        Violation.STATUS_CONTEXT_DOUBLED,
                        (client, ask) -> client.status(ask, 0, 1, Peer.SIZE, 0).status(ask, 1, 2, Peer.SIZE, 0)));
    }

    private static Hostile walk(String name, Violation expected, Answer answer) {
        return Hostile.answer(name, expected, ReplyMode.EXTENDED, Peer.FLAGS, Command.BLOCK_STATUS, answer);
    }

    private static Hostile structured(String name, Violation expected, Answer answer) {
        return Hostile.answer(name, expected, ReplyMode.STRUCTURED, Peer.FLAGS, Command.BLOCK_STATUS, answer);
    }

    private static Hostile one(String name, Answer answer) {
        return Hostile.status(name, Violation.STATUS_NOT_ONE, 0, connection -> connection.extentAt(0, 4096), answer);
    }

    private static Hostile filtered(String name, Violation expected, Answer answer) {
        return Hostile.status(
                name,
                expected,
                TransmissionFlags.BLOCK_STATUS_PAYLOAD,
                connection -> connection.walk(0, Peer.SIZE, List.of(Hostile.DIRTY), extent -> {}),
                answer);
    }
}
