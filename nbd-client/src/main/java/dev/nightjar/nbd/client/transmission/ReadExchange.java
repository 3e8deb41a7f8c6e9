package dev.nightjar.nbd.client.transmission;

import dev.nightjar.nbd.protocol.Command;
import dev.nightjar.nbd.protocol.CommandFlags;
import dev.nightjar.nbd.protocol.Violation;
import dev.nightjar.nbd.protocol.ViolationException;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/**
 * A read, reassembled by offset in one buffer. The buffer is allocated when the first piece of content arrives, and leaves this
 * class only whole.
 */
public final class ReadExchange extends Exchange {

    private final CompletableFuture<ByteBuf> future = new CompletableFuture<>();
    private final Coverage coverage = new Coverage();
    private @Nullable ByteBuf destination;
    private int contentChunks;

    /**
     * A read of a range.
     *
     * @param doNotFragment whether the server can answer in one chunk, and shall
     */
    public ReadExchange(long offset, int length, boolean doNotFragment) {
        super(Command.READ, doNotFragment ? CommandFlags.DF : 0, offset, length);
    }

    @Override
    public CompletableFuture<ByteBuf> future() {
        return future;
    }

    /**
     * Claims a range of the export for content that is about to arrive.
     *
     * @return where in the destination it belongs
     */
    int claim(long contentOffset, long contentLength) {
        if (contentOffset < offset()
                || contentOffset - offset() > length()
                || contentLength > length() - (contentOffset - offset())) {
            throw new ViolationException(
                    Violation.DATA_OUT_OF_RANGE,
                    "%d bytes at %d for a read of %d at %d"
                            .formatted(contentLength, contentOffset, length(), offset()));
        }
        if (++contentChunks > 1 && flagged(CommandFlags.DF)) {
            throw new ViolationException(Violation.DATA_FRAGMENTED, "a second chunk at offset " + contentOffset);
        }
        int start = (int) (contentOffset - offset());
        coverage.claim(start, start + (int) contentLength);
        return start;
    }

    /** Where content goes, or null if the read has failed and what comes is to be thrown away. */
    @Nullable
    ByteBuf destination(ByteBufAllocator allocator) {
        if (destination == null && !failed() && !future.isDone()) {
            destination = allocator.directBuffer((int) length(), (int) length());
        }
        return destination;
    }

    @Override
    void verifyComplete() {
        if (!coverage.complete((int) length())) {
            throw new ViolationException(
                    Violation.DATA_MISSING,
                    "a read of %d bytes at offset %d ended early".formatted(length(), offset()));
        }
    }

    @Override
    void succeed() {
        ByteBuf whole = destination;
        destination = null;
        if (whole != null && !future.complete(whole.writerIndex((int) length()))) {
            whole.release();
        }
    }

    @Override
    void release() {
        if (destination != null) {
            destination.release();
            destination = null;
        }
    }
}
