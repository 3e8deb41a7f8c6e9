package dev.nightjar.nbd.client.transmission;

import dev.nightjar.nbd.protocol.BlockStatus;
import dev.nightjar.nbd.protocol.Command;
import dev.nightjar.nbd.protocol.CommandFlags;
import dev.nightjar.nbd.protocol.Violation;
import dev.nightjar.nbd.protocol.ViolationException;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/** A block status request: one chunk for each context that is to be answered. Which ones came is the walker's to check. */
public final class StatusExchange extends Exchange {

    private final CompletableFuture<List<BlockStatus>> future = new CompletableFuture<>();
    private final List<BlockStatus> chunks = new ArrayList<>();
    private final int contexts;
    private final @Nullable ByteBuf filter;

    private StatusExchange(int flags, long offset, long length, int contexts, @Nullable ByteBuf filter) {
        super(Command.BLOCK_STATUS, flags, offset, length);
        this.contexts = contexts;
        this.filter = filter;
    }

    /**
     * A request about a range.
     *
     * @param contexts how many are granted
     * @param one whether to get one extent of each context, no longer than asked
     */
    public static StatusExchange all(long offset, long length, int contexts, boolean one) {
        return new StatusExchange(one ? CommandFlags.REQ_ONE : 0, offset, length, contexts, null);
    }

    /**
     * A request about a range for some contexts only; only with extended headers and where the export offers it.
     *
     * @param ids of the contexts that shall be answered, unsigned 32 bits
     * @param one whether to get one extent of each context, no longer than asked
     */
    public static StatusExchange filtered(long offset, long length, Collection<Long> ids, boolean one) {
        ByteBuf filter = Unpooled.buffer(Long.BYTES + Integer.BYTES * ids.size());
        filter.writeLong(length);
        ids.forEach(id -> filter.writeInt(id.intValue()));
        int flags = CommandFlags.PAYLOAD_LEN | (one ? CommandFlags.REQ_ONE : 0);
        return new StatusExchange(flags, offset, length, ids.size(), filter);
    }

    public boolean isFiltered() {
        return filter != null;
    }

    @Override
    long wireLength() {
        return filter == null ? length() : filter.readableBytes();
    }

    @Override
    public @Nullable ByteBuf takePayload() {
        return filter == null ? null : filter.duplicate();
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
        if (flagged(CommandFlags.REQ_ONE)
                && (chunk.count() != 1 || Long.compareUnsigned(chunk.length(0), length()) > 0)) {
            throw new ViolationException(
                    Violation.STATUS_NOT_ONE,
                    "%s, the first of %s bytes, for %d bytes"
                            .formatted(chunk, Long.toUnsignedString(chunk.length(0)), length()));
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
