package dev.nightjar.nbd.client;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.SocketAddress;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;

/** A unix socket in front of another that cuts each connection, some times in all, after so many bytes of answers. */
final class CuttingProxy implements AutoCloseable {

    private final Path server;
    private final ServerSocketChannel listener;
    private final Path socket;
    private final long bytes;
    private final AtomicInteger cutsLeft;
    private final AtomicInteger cuts = new AtomicInteger();
    private final List<AtomicLong> allowances = new CopyOnWriteArrayList<>();

    CuttingProxy(Path server, Path socket, long bytes, int cuts) {
        this.server = server;
        this.socket = socket;
        this.bytes = bytes;
        this.cutsLeft = new AtomicInteger(cuts);
        try {
            listener = ServerSocketChannel.open(StandardProtocolFamily.UNIX);
            listener.bind(UnixDomainSocketAddress.of(socket));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        Thread.startVirtualThread(this::accept);
    }

    NbdUri uri() {
        return NbdUri.parse("nbd+unix:///?socket=" + socket);
    }

    /** Cuts every connection that stands after so many bytes more. */
    void cutAfter(long more) {
        allowances.forEach(left -> left.set(more));
    }

    /** How many connections were cut. */
    int cuts() {
        return cuts.get();
    }

    private void accept() {
        SocketAddress behind = UnixDomainSocketAddress.of(server);
        try {
            while (true) {
                SocketChannel client = listener.accept();
                SocketChannel link = SocketChannel.open(behind);
                AtomicLong left = new AtomicLong(cutsLeft.getAndDecrement() > 0 ? bytes : Long.MAX_VALUE);
                allowances.add(left);
                Thread.startVirtualThread(() -> forward(client, link, new AtomicLong(Long.MAX_VALUE)));
                Thread.startVirtualThread(() -> forward(link, client, left));
            }
        } catch (IOException closed) {
            // The test is over.
        }
    }

    private void forward(SocketChannel from, SocketChannel to, AtomicLong left) {
        ByteBuffer buffer = ByteBuffer.allocate(64 << 10);
        try (from;
                to) {
            while (from.read(buffer.clear()) >= 0) {
                if (left.addAndGet(-buffer.position()) < 0) {
                    cuts.incrementAndGet();
                    return;
                }
                buffer.flip();
                while (buffer.hasRemaining()) {
                    to.write(buffer);
                }
            }
        } catch (IOException closed) {
            // The other direction has ended.
        }
    }

    @Override
    public void close() {
        try {
            listener.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
