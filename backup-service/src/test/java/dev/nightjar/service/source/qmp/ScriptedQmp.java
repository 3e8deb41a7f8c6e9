package dev.nightjar.service.source.qmp;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.LinkedBlockingQueue;

/** A QMP server that says what its script says: lines at once, or one for each command that it hears. Serves one client. */
final class ScriptedQmp implements AutoCloseable {

    private interface Step {
        void run(SocketChannel client, BufferedReader reader) throws IOException;
    }

    private final ServerSocketChannel server;
    private final BlockingQueue<Step> steps = new LinkedBlockingQueue<>();
    private final List<String> heard = new CopyOnWriteArrayList<>();

    private ScriptedQmp(ServerSocketChannel server) {
        this.server = server;
    }

    static ScriptedQmp at(Path socket) {
        try {
            ServerSocketChannel server = ServerSocketChannel.open(StandardProtocolFamily.UNIX);
            server.bind(UnixDomainSocketAddress.of(socket));
            ScriptedQmp script = new ScriptedQmp(server);
            Thread.ofVirtual().start(script::serve);
            return script;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Sends a line without waiting for anything. */
    ScriptedQmp say(String line) {
        steps.add((client, _) -> send(client, line + "\r\n"));
        return this;
    }

    /** Waits for a command, then sends a line. */
    ScriptedQmp answer(String line) {
        return answerExactly(line + "\r\n");
    }

    ScriptedQmp answerExactly(String text) {
        steps.add((client, reader) -> {
            heard.add(reader.readLine());
            send(client, text);
        });
        return this;
    }

    ScriptedQmp hangUp() {
        steps.add((client, _) -> client.close());
        return this;
    }

    /** The commands heard so far. */
    List<String> heard() {
        return heard;
    }

    @Override
    public void close() {
        try {
            server.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private void serve() {
        try (SocketChannel client = server.accept()) {
            BufferedReader reader = new BufferedReader(Channels.newReader(client, StandardCharsets.UTF_8));
            while (client.isOpen()) {
                steps.take().run(client, reader);
            }
        } catch (IOException | InterruptedException e) {
            // The test is over.
        }
    }

    private static void send(SocketChannel client, String text) throws IOException {
        ByteBuffer bytes = StandardCharsets.UTF_8.encode(text);
        while (bytes.hasRemaining()) {
            client.write(bytes);
        }
    }
}
