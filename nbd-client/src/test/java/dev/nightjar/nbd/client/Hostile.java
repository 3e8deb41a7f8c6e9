package dev.nightjar.nbd.client;

import static dev.nightjar.nbd.client.NbdOptions.BASE_ALLOCATION;

import dev.nightjar.nbd.client.ScriptedServer.Script;
import dev.nightjar.nbd.protocol.Command;
import dev.nightjar.nbd.protocol.ReplyMode;
import dev.nightjar.nbd.protocol.Request;
import dev.nightjar.nbd.protocol.TransmissionFlags;
import dev.nightjar.nbd.protocol.Violation;
import io.netty.buffer.Unpooled;
import java.io.IOException;
import java.util.List;
import java.util.function.Consumer;

/**
 * A server that breaks one rule.
 *
 * @param name what it does, in words
 * @param expected the rule that the client has to name
 * @param overTcp whether it listens on a port rather than on a unix socket
 * @param script what it does, in bytes
 * @param visit what the client does with the server
 */
record Hostile(String name, Violation expected, boolean overTcp, Script script, Consumer<NbdUri> visit) {

    static final int READ_BYTES = 64 * 1024;
    static final String DIRTY = "qemu:dirty-bitmap:b";
    static final NbdOptions OPTIONS = NbdOptions.defaults().withOptionalContexts(BASE_ALLOCATION, DIRTY);

    /** How a server answers a request. */
    @FunctionalInterface
    interface Answer {
        void to(Peer client, Request request) throws IOException;
    }

    @Override
    public String toString() {
        return name;
    }

    /** It misbehaves before there is an export. */
    static Hostile handshake(String name, Violation expected, Script script) {
        return visited(
                name, expected, script, uri -> NbdConnection.open(uri, OPTIONS).close());
    }

    /** It misbehaves towards a client that only asks. */
    static Hostile visited(String name, Violation expected, Script script, Consumer<NbdUri> visit) {
        return new Hostile(name, expected, false, script, visit);
    }

    /** It misbehaves in its answer to one request. */
    static Hostile answer(String name, Violation expected, ReplyMode mode, int flags, Command command, Answer answer) {
        Script script = client -> {
            client.agree(mode);
            if (mode != ReplyMode.SIMPLE) {
                client.grant(BASE_ALLOCATION, DIRTY);
            }
            client.go(flags);
            Request request = client.expectRequest(command);
            if (command == Command.WRITE) {
                client.receive((int) request.length());
            }
            answer.to(client, request);
        };
        return visited("%s %s: %s".formatted(mode, command, name), expected, script, uri -> {
            try (NbdConnection connection = NbdConnection.open(uri, OPTIONS)) {
                Unhelpful.ask(connection, () -> request(connection, command));
            }
        });
    }

    static void request(NbdConnection connection, Command command) {
        switch (command) {
            case READ -> connection.read(128 * 1024, READ_BYTES).join().release();
            case WRITE -> connection.write(0, Unpooled.buffer().writeZero(512)).join();
            case WRITE_ZEROES -> connection.writeZeroes(0, 512, true).join();
            case BLOCK_STATUS -> connection.walk(0, Peer.SIZE, extent -> {});
            case FLUSH -> connection.flush().join();
            case TRIM, CACHE, DISCONNECT -> throw new IllegalArgumentException("" + command);
        }
    }

    /** A request for one extent, or one for some contexts. */
    static Hostile status(String name, Violation expected, int flags, Consumer<NbdConnection> request, Answer answer) {
        Script script = client -> {
            client.agree(ReplyMode.EXTENDED).grant(BASE_ALLOCATION, DIRTY).go(Peer.FLAGS | flags);
            Request ask = client.expectRequest(Command.BLOCK_STATUS);
            if (flags == TransmissionFlags.BLOCK_STATUS_PAYLOAD) {
                client.receive((int) ask.length());
            }
            answer.to(client, ask);
        };
        return visited(name, expected, script, uri -> {
            try (NbdConnection connection = NbdConnection.open(uri, OPTIONS)) {
                Unhelpful.ask(connection, () -> request.accept(connection));
            }
        });
    }

    /** Every hostile server there is. */
    static List<Hostile> all() {
        return java.util.stream.Stream.of(
                        HostileGreetings.all(),
                        HostileOptions.all(),
                        HostileListings.all(),
                        HostileTls.all(),
                        HostileReads.all(),
                        HostileStatuses.all(),
                        HostileEffects.all())
                .flatMap(List::stream)
                .toList();
    }
}
