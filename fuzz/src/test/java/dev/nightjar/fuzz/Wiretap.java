package dev.nightjar.fuzz;

import dev.nightjar.testkit.TempDirectory;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** Stands between clients and a server on unix sockets, and keeps what each connection says in both directions. */
final class Wiretap implements AutoCloseable {

    private final TempDirectory directory = TempDirectory.create();
    private final Path server;
    private final ServerSocketChannel listener;
    private final List<Conversation> conversations = new ArrayList<>();

    Wiretap(Path server) {
        this.server = server;
        try {
            listener = ServerSocketChannel.open(StandardProtocolFamily.UNIX);
            listener.bind(UnixDomainSocketAddress.of(directory.resolve("s")));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        Thread.ofPlatform().daemon().start(this::accept);
    }

    /** What one connection said; complete when it has ended. */
    static final class Conversation {
        private final ByteArrayOutputStream fromClient = new ByteArrayOutputStream();
        private final ByteArrayOutputStream fromServer = new ByteArrayOutputStream();

        synchronized byte[] fromClient() {
            return fromClient.toByteArray();
        }

        synchronized byte[] fromServer() {
            return fromServer.toByteArray();
        }

        private synchronized void add(boolean client, byte[] bytes, int length) {
            (client ? fromClient : fromServer).write(bytes, 0, length);
        }
    }

    String uri(String export) {
        return "nbd+unix:///" + export + "?socket=" + directory.resolve("s");
    }

    /** In the order in which they were accepted. */
    synchronized List<Conversation> conversations() {
        return List.copyOf(conversations);
    }

    private synchronized Conversation begin() {
        conversations.add(new Conversation());
        return conversations.getLast();
    }

    private void accept() {
        try {
            while (true) {
                SocketChannel client = listener.accept();
                SocketChannel to = SocketChannel.open(UnixDomainSocketAddress.of(server));
                Conversation conversation = begin();
                Thread.ofPlatform().daemon().start(() -> pump(client, to, conversation, true));
                Thread.ofPlatform().daemon().start(() -> pump(to, client, conversation, false));
            }
        } catch (IOException closed) {
            // The listener was closed: the recording is over.
        }
    }

    private static void pump(SocketChannel from, SocketChannel to, Conversation conversation, boolean client) {
        byte[] bytes = new byte[1 << 16];
        try (from;
                to) {
            for (int length = from.read(ByteBuffer.wrap(bytes));
                    length >= 0;
                    length = from.read(ByteBuffer.wrap(bytes))) {
                conversation.add(client, bytes, length);
                ByteBuffer rest = ByteBuffer.wrap(bytes, 0, length);
                while (rest.hasRemaining()) {
                    to.write(rest);
                }
            }
        } catch (IOException closed) {
            // One side hung up, and the other one with it.
        }
    }

    @Override
    public void close() {
        try {
            listener.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        directory.close();
    }
}
