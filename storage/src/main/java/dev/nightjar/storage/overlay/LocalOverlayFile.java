package dev.nightjar.storage.overlay;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.FileChannel;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * An open file of the operating system that interrupts do no harm to. Thread-safe.
 *
 * <p>Java closes a channel when a thread that reads or writes is interrupted. One channel is opened again then; the other, which holds the lock and the kernel's memory of
 * failed writes, is used by threads that nobody interrupts.
 */
final class LocalOverlayFile implements OverlayFiles.OpenFile {

    private static final Logger LOG = LoggerFactory.getLogger(LocalOverlayFile.class);

    private final Path path;
    private final FileChannel durable;
    private @Nullable FileChannel transfers;
    private boolean closed;

    LocalOverlayFile(Path path, FileChannel durable) {
        this.path = path;
        this.durable = durable;
    }

    @Override
    public boolean tryLock() throws IOException {
        try {
            return durable.tryLock() != null;
        } catch (OverlappingFileLockException e) {
            return false;
        }
    }

    @Override
    public long size() throws IOException {
        return transfer(FileChannel::size);
    }

    @Override
    public void read(ByteBuffer target, long offset) throws IOException {
        int start = target.position();
        transfer(channel -> {
            target.position(start);
            long at = offset;
            while (target.hasRemaining()) {
                int read = channel.read(target, at);
                if (read < 0) {
                    break;
                }
                at += read;
            }
            return at;
        });
    }

    @Override
    public void write(ByteBuffer content, long offset) throws IOException {
        int start = content.position();
        transfer(channel -> {
            content.position(start);
            long at = offset;
            while (content.hasRemaining()) {
                at += channel.write(content, at);
            }
            return at;
        });
    }

    @Override
    public void sync() throws IOException {
        CompletableFuture<Void> synced = new CompletableFuture<>();
        Thread.ofVirtual().name("nightjar-overlay-sync").start(() -> {
            try {
                durable.force(false);
                synced.complete(null);
            } catch (IOException | RuntimeException | Error e) {
                synced.completeExceptionally(e);
            }
        });
        try {
            synced.join();
        } catch (CompletionException e) {
            if (e.getCause() instanceof IOException cause) {
                throw cause;
            }
            throw e;
        }
    }

    @Override
    public synchronized void close() throws IOException {
        closed = true;
        FileChannel open = transfers;
        transfers = null;
        try (durable;
                open) {
            LOG.trace("closing {}", path);
        }
    }

    private interface Transfer {
        long on(FileChannel channel) throws IOException;
    }

    private long transfer(Transfer transfer) throws IOException {
        boolean interrupted = false;
        try {
            while (true) {
                FileChannel channel = open();
                try {
                    return transfer.on(channel);
                } catch (ClosedChannelException e) {
                    // This thread or another one that used the channel was interrupted.
                    interrupted |= Thread.interrupted();
                }
            }
        } finally {
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
        }
    }

    private synchronized FileChannel open() throws IOException {
        if (closed) {
            throw new IOException(path + " was closed");
        }
        if (transfers == null || !transfers.isOpen()) {
            transfers = FileChannel.open(path, StandardOpenOption.READ, StandardOpenOption.WRITE);
        }
        return transfers;
    }
}
