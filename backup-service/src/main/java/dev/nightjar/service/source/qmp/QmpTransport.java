package dev.nightjar.service.source.qmp;

import java.io.EOFException;
import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.nio.file.Path;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;

/**
 * Lines of JSON over a unix socket: a virtual thread connects, reads and hands each message on. Sending is thread-safe; callbacks
 * run on the reading thread, except that {@code broke} may be told from anywhere by whoever owns this.
 */
final class QmpTransport {

    private final Path socket;
    private final int messageBytes;
    private final Consumer<JsonNode> received;
    private final Consumer<QmpException> broke;
    private final Object writing = new Object();
    private volatile @Nullable SocketChannel channel;
    private volatile boolean closed;

    QmpTransport(Path socket, int messageBytes, Consumer<JsonNode> received, Consumer<QmpException> broke) {
        this.socket = socket;
        this.messageBytes = messageBytes;
        this.received = received;
        this.broke = broke;
    }

    /** Begins to connect and read; what happens is told to the callbacks. */
    void start() {
        Thread.ofVirtual().name("qmp " + socket).start(this::run);
    }

    /**
     * Sends one message whole.
     *
     * @throws QmpException if the connection is over
     */
    void send(ByteBuffer message) {
        SocketChannel open = channel;
        if (open == null || closed) {
            throw QmpException.disconnected(socket, null);
        }
        synchronized (writing) {
            try {
                while (message.hasRemaining()) {
                    open.write(message);
                }
            } catch (IOException e) {
                throw QmpException.disconnected(socket, e);
            }
        }
    }

    /** Ends reading and sending; may be called more than once. */
    void close() {
        closed = true;
        closeQuietly(channel);
    }

    private void run() {
        try (SocketChannel open = SocketChannel.open(StandardProtocolFamily.UNIX)) {
            channel = open;
            if (closed) {
                return;
            }
            open.connect(UnixDomainSocketAddress.of(socket));
            try {
                readLines(open);
            } catch (JacksonException e) {
                broke.accept(QmpException.violation(socket, "not JSON", e));
            } catch (IOException e) {
                broke.accept(QmpException.disconnected(socket, e));
            }
        } catch (IOException | IllegalArgumentException e) {
            broke.accept(QmpException.unreachable(socket, e));
        }
    }

    private void readLines(SocketChannel open) throws IOException {
        ByteBuffer buffer = ByteBuffer.allocate(8192);
        while (true) {
            if (open.read(buffer) < 0) {
                throw new EOFException("QEMU closed the monitor");
            }
            buffer.flip();
            deliverLines(buffer);
            buffer.compact();
            if (!buffer.hasRemaining()) {
                if (buffer.capacity() >= messageBytes) {
                    broke.accept(QmpException.violation(socket, "a message over " + messageBytes + " bytes", null));
                    return;
                }
                int capacity = (int) Math.min(2L * buffer.capacity(), messageBytes);
                buffer = ByteBuffer.allocate(capacity).put(buffer.flip());
            }
        }
    }

    private void deliverLines(ByteBuffer buffer) {
        int start = buffer.position();
        for (int i = start; i < buffer.limit(); i++) {
            if (buffer.get(i) == '\n') {
                byte[] line = new byte[i - start];
                buffer.get(start, line);
                start = i + 1;
                buffer.position(start);
                JsonNode message = QmpMessage.parse(line);
                if (message.isObject()) {
                    received.accept(message);
                } else if (!message.isMissingNode()) {
                    broke.accept(QmpException.violation(socket, "not an object: " + message, null));
                }
            }
        }
    }

    private static void closeQuietly(@Nullable SocketChannel channel) {
        if (channel != null) {
            try {
                channel.close();
            } catch (IOException e) {
                // Closing is all that was wanted; the descriptor is gone either way.
            }
        }
    }
}
