package dev.nightjar.nbd.client;

import dev.nightjar.nbd.client.Hostile.Answer;
import dev.nightjar.nbd.protocol.Command;
import dev.nightjar.nbd.protocol.ReplyHeader;
import dev.nightjar.nbd.protocol.ReplyMode;
import dev.nightjar.nbd.protocol.Violation;
import java.util.List;

/** Servers that answer writes and flushes wrongly. */
final class HostileEffects {

    private HostileEffects() {}

    static List<Hostile> all() {
        return List.of(
                effect("data for a flush", Command.FLUSH, (client, flush) -> client.data(flush, 1, 0, 512, 1)),
                effect("a hole for a flush", Command.FLUSH, (client, flush) -> client.hole(flush, 1, 0, 512)),
                effect(
                        "block status for a write",
                        Command.WRITE,
                        (client, write) -> client.status(write, 1, 1, 512, 0)),
                effect("data for a write", Command.WRITE, (client, write) -> client.data(write, 1, 0, 512, 1)),
                effect("a hole for zeroes", Command.WRITE_ZEROES, (client, zeroes) -> client.hole(zeroes, 1, 0, 512)),
                Hostile.answer(
                        "an answer twice",
                        Violation.AFTER_DONE,
                        ReplyMode.STRUCTURED,
                        Peer.FLAGS,
                        Command.WRITE,
                        (client, write) -> client.send(out -> {
                            new ReplyHeader.Simple(0, write.cookie()).encode(out);
                            new ReplyHeader.Simple(0, write.cookie()).encode(out);
                        })),
                Hostile.answer(
                        "a simple reply under extended headers",
                        Violation.REPLY_STYLE,
                        ReplyMode.EXTENDED,
                        Peer.FLAGS,
                        Command.WRITE,
                        (client, write) -> client.send(new ReplyHeader.Simple(0, write.cookie())::encode)));
    }

    private static Hostile effect(String name, Command command, Answer answer) {
        return Hostile.answer(name, Violation.CHUNK_UNEXPECTED, ReplyMode.EXTENDED, Peer.FLAGS, command, answer);
    }
}
