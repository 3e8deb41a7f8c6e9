package dev.nightjar.nbd.client.transmission;

import dev.nightjar.nbd.protocol.BlockStatus;
import dev.nightjar.nbd.protocol.Command;
import dev.nightjar.nbd.protocol.Violation;
import dev.nightjar.nbd.protocol.ViolationException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;

/** A block status request: one chunk for each granted context. Which ones came is the walker's to check. */
public final class StatusExchange extends Exchange {

    private final CompletableFuture<List<BlockStatus>> future = new CompletableFuture<>();
    private final List<BlockStatus> chunks = new ArrayList<>();
    private final int contexts;

    /**
     * A request about a range.
     *
     * @param contexts how many are granted
     */
    public StatusExchange(long offset, long length, int contexts) {
        super(Command.BLOCK_STATUS, 0, offset, length);
        this.contexts = contexts;
    }

    @Override
    public CompletableFuture<List<BlockStatus>> future() {
        return future;
    }

    /** How many chunks the server may still send for the other contexts after it failed for one. */
    int stragglers() {
        return contexts - 1;
    }

    void add(BlockStatus chunk) {
        if (chunks.size() == contexts) {
            throw new ViolationException(
                    Violation.STATUS_CONTEXT_DOUBLED, "more chunks than the " + contexts + " granted contexts");
        }
        chunks.add(chunk);
    }

    @Override
    void verifyComplete() {
        if (chunks.size() < contexts) {
            throw new ViolationException(
                    Violation.STATUS_CONTEXT_MISSING, chunks.size() + " chunks for " + contexts + " contexts");
        }
    }

    @Override
    void succeed() {
        future.complete(chunks);
    }

    @Override
    void release() {
        chunks.clear();
    }
}
