package dev.nightjar.nbd.client;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;

/** Reads of neighbouring pieces that become one: all of it, or the first failure and nothing. Confined to one thread until joined. */
final class PieceReads {

    private final List<CompletableFuture<ByteBuf>> reads;

    PieceReads(int expected) {
        reads = new ArrayList<>(expected);
    }

    /** The next piece. */
    void add(CompletableFuture<ByteBuf> read) {
        reads.add(read);
    }

    /** All pieces in one buffer, without copying, when the last of them has ended. */
    CompletableFuture<ByteBuf> joined() {
        if (reads.size() == 1) {
            return reads.getFirst();
        }
        CompletableFuture<ByteBuf> whole = new CompletableFuture<>();
        var _ = CompletableFuture.allOf(reads.toArray(CompletableFuture[]::new)).whenComplete((_, _) -> settle(whole));
        return whole;
    }

    private void settle(CompletableFuture<ByteBuf> whole) {
        for (CompletableFuture<ByteBuf> read : reads) {
            if (read.isCompletedExceptionally()) {
                release();
                whole.completeExceptionally(read.exceptionNow());
                return;
            }
        }
        ByteBuf joined = Unpooled.wrappedBuffer(
                reads.size(), reads.stream().map(CompletableFuture::resultNow).toArray(ByteBuf[]::new));
        if (!whole.complete(joined)) {
            joined.release();
        }
    }

    private void release() {
        for (CompletableFuture<ByteBuf> read : reads) {
            if (!read.isCompletedExceptionally()) {
                read.resultNow().release();
            }
        }
    }
}
