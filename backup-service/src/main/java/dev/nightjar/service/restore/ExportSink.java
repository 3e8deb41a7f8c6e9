package dev.nightjar.service.restore;

import dev.nightjar.nbd.client.NbdClient;
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
 * A writable export as a sink. Writes are pipelined: as many are under way as the target allows, and the first that fails ends the restore at its
 * next step. Confined to one thread; only completions come from others.
 */
final class ExportSink implements RegionSink {

    private static final int LONGEST_WRITE = 1 << 20;
    private static final ByteBuffer ZEROS =
            ByteBuffer.allocateDirect(LONGEST_WRITE).asReadOnlyBuffer();

    private final NbdClient target;
    private final int longest;
    private final Phaser underWay = new Phaser(1);
    private final AtomicReference<@Nullable Throwable> failure = new AtomicReference<>();

    ExportSink(NbdClient target) {
        this.target = target;
        this.longest =
                (int) Math.min(LONGEST_WRITE, target.export().blockSizes().maximum());
    }

    @Override
    public void data(long offset, ByteBuffer bytes) {
        long whole = wholeBlocks(offset + bytes.remaining());
        long at = offset;
        while (at < whole) {
            int length = (int) Math.min(longest, whole - at);
            ByteBuffer part = bytes.slice(bytes.position(), length);
            bytes.position(bytes.position() + length);
            write(at, part);
            at += length;
        }
        patch(at, bytes);
    }

    @Override
    public void zero(long offset, long length) {
        long whole = wholeBlocks(offset + length);
        if (whole > offset && target.export().canWriteZeroes()) {
            track(target.writeZeroes(offset, whole - offset, true));
        } else {
            for (long at = offset; at < whole; at += longest) {
                write(at, ZEROS.slice(0, (int) Math.min(longest, whole - at)));
            }
        }
        patch(Math.max(offset, whole), ZEROS.slice(0, (int) (offset + length - Math.max(offset, whole))));
    }

    /** Waits for everything that is under way. */
    void finish() {
        underWay.arriveAndAwaitAdvance();
        rethrow();
    }

    /** Makes everything durable at the server. */
    void flush() {
        if (target.export().canFlush()) {
            try {
                target.flush().join();
            } catch (CompletionException e) {
                throw asFailure(e);
            }
        }
    }

    // A disk may end within a block of the export, which takes whole blocks only, except at its own end.
    private long wholeBlocks(long end) {
        return end == target.export().size()
                ? end
                : end - end % target.export().blockSizes().minimum();
    }

    // The end of the disk that fills no block: what lies behind it in that block stays as it is.
    private void patch(long offset, ByteBuffer bytes) {
        if (!bytes.hasRemaining()) {
            return;
        }
        long minimum = target.export().blockSizes().minimum();
        int length = (int) Math.min(minimum, target.export().size() - offset);
        ByteBuf block = PooledByteBufAllocator.DEFAULT.directBuffer(length);
        try {
            ByteBuf before = target.read(offset, length).join();
            block.writeBytes(before).setBytes(0, bytes);
            before.release();
        } catch (CompletionException e) {
            block.release();
            throw asFailure(e);
        }
        track(target.write(offset, block));
    }

    private void write(long offset, ByteBuffer bytes) {
        // The region's buffer is ours only until this returns.
        ByteBuf copy =
                PooledByteBufAllocator.DEFAULT.directBuffer(bytes.remaining()).writeBytes(bytes);
        track(target.write(offset, copy));
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
