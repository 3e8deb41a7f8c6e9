package dev.nightjar.nbd.client;

import dev.nightjar.nbd.protocol.Errno;
import io.netty.buffer.ByteBuf;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/**
 * One aligned read that is sent until it is answered: again, on another connection, when its own was lost and the view is still the
 * same; in halves when the server finds it too long. The common case costs no thread of its own.
 */
final class RepeatedRead {

    private final Connections connections;
    private final ReadSizes sizes;
    private final long offset;
    private final int length;
    private final int attemptsLeft;
    private final CompletableFuture<ByteBuf> whole;

    private RepeatedRead(
            Connections connections,
            ReadSizes sizes,
            long offset,
            int length,
            int attemptsLeft,
            CompletableFuture<ByteBuf> whole) {
        this.connections = connections;
        this.sizes = sizes;
        this.offset = offset;
        this.length = length;
        this.attemptsLeft = attemptsLeft;
        this.whole = whole;
    }

    /** Sends it; blocks while as many requests as allowed are in flight. */
    static CompletableFuture<ByteBuf> send(
            Connections connections, ReadSizes sizes, long offset, int length, int attempts) {
        CompletableFuture<ByteBuf> whole = new CompletableFuture<>();
        new RepeatedRead(connections, sizes, offset, length, attempts, whole).send();
        return whole;
    }

    private void send() {
        CompletableFuture<ByteBuf> read;
        try {
            read = connections.acquire().read(offset, length);
        } catch (NbdException e) {
            whole.completeExceptionally(e);
            return;
        }
        var _ = read.whenComplete(this::answered);
    }

    private void answered(@Nullable ByteBuf bytes, @Nullable Throwable failure) {
        if (bytes != null) {
            if (!whole.complete(bytes)) {
                bytes.release();
            }
        } else if (failure instanceof NbdException failed && !whole.isDone()) {
            failed(failed);
        } else if (failure != null) {
            whole.completeExceptionally(failure);
        }
    }

    /** On the event loop, where nothing may block: whatever is sent again is sent from a thread of its own. */
    private void failed(NbdException failure) {
        Errno errno = failure.errno().orElse(null);
        int half = sizes.half(length);
        if ((errno == Errno.EINVAL || errno == Errno.EOVERFLOW) && half > 0) {
            sizes.refused(length);
            Thread.startVirtualThread(() -> halves(half));
        } else if (attemptsLeft > 0 && connections.mayRepeat(failure)) {
            Thread.startVirtualThread(
                    () -> new RepeatedRead(connections, sizes, offset, length, attemptsLeft - 1, whole).send());
        } else {
            whole.completeExceptionally(failure);
        }
    }

    private void halves(int half) {
        PieceReads pieces = new PieceReads(2);
        pieces.add(send(connections, sizes, offset, half, attemptsLeft));
        pieces.add(send(connections, sizes, offset + half, length - half, attemptsLeft));
        var _ = pieces.joined().whenComplete(this::answered);
    }
}
