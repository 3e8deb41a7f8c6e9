package dev.nightjar.service.restore;

import dev.nightjar.nbd.client.NbdConnection;
import dev.nightjar.nbd.client.NbdException;
import dev.nightjar.storage.recover.RegionSink;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.PooledByteBufAllocator;
import java.nio.ByteBuffer;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.Phaser;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/**
 * A writable export as a sink. Writes are pipelined: as many are under way as the connection allows, and the first that fails ends the restore at its
 * next step. Confined to one thread; only completions come from others.
 */
final class ExportSink implements RegionSink {

    private static final int LONGEST_WRITE = 1 << 20;
    private static final ByteBuffer ZEROS =
            ByteBuffer.allocateDirect(LONGEST_WRITE).asReadOnlyBuffer();

    private final NbdConnection connection;
    private final int longest;
    private final Phaser underWay = new Phaser(1);
    private final AtomicReference<@Nullable Throwable> failure = new AtomicReference<>();

    ExportSink(NbdConnection connection) {
        this.connection = connection;
        this.longest =
                (int) Math.min(LONGEST_WRITE, connection.export().blockSizes().maximum());
    }

    @Override
    public void data(long offset, ByteBuffer bytes) {
        long at = offset;
        while (bytes.hasRemaining()) {
            int length = Math.min(longest, bytes.remaining());
            ByteBuffer part = bytes.slice(bytes.position(), length);
            bytes.position(bytes.position() + length);
            write(at, part);
            at += length;
        }
    }

    @Override
    public void zero(long offset, long length) {
        if (connection.export().canWriteZeroes()) {
            track(connection.writeZeroes(offset, length, true));
            return;
        }
        for (long done = 0; done < length; done += longest) {
            write(offset + done, ZEROS.slice(0, (int) Math.min(longest, length - done)));
        }
    }

    /** Waits for everything that is under way. */
    void finish() {
        underWay.arriveAndAwaitAdvance();
        rethrow();
    }

    /** Makes everything durable at the server. */
    void flush() {
        try {
            connection.flush().join();
        } catch (CompletionException e) {
            throw asFailure(e);
        }
    }

    private void write(long offset, ByteBuffer bytes) {
        // The region's buffer is ours only until this returns.
        ByteBuf copy =
                PooledByteBufAllocator.DEFAULT.directBuffer(bytes.remaining()).writeBytes(bytes);
        track(connection.write(offset, copy));
    }

    private void track(CompletableFuture<@Nullable Void> request) {
        rethrow();
        underWay.register();
        var _ = request.whenComplete((_, thrown) -> {
            if (thrown != null) {
                failure.compareAndSet(null, thrown);
            }
            underWay.arriveAndDeregister();
        });
    }

    private void rethrow() {
        Throwable thrown = failure.get();
        if (thrown != null) {
            throw asFailure(thrown);
        }
    }

    private static RuntimeException asFailure(Throwable thrown) {
        Throwable cause =
                thrown instanceof CompletionException && thrown.getCause() != null ? thrown.getCause() : thrown;
        return cause instanceof NbdException nbd ? nbd : new IllegalStateException(cause);
    }
}
