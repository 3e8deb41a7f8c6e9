package dev.nightjar.nbd.client;

import dev.nightjar.nbd.client.extent.Extent;
import dev.nightjar.nbd.client.extent.ExtentWalker;
import dev.nightjar.nbd.client.transport.Transmission;
import dev.nightjar.nbd.protocol.ViolationException;
import io.netty.buffer.ByteBuf;
import java.util.Collection;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * An export, over as many connections as pay and the server allows. Thread-safe, made for virtual threads: methods block where they
 * say so. Futures complete on an event loop, so what depends on them must be short and must not call this class; use the
 * {@code …Async} forms. They fail with {@link NbdException}; so do the blocking methods.
 *
 * <p>Requests go to the connection with the least to do. A further one is opened when all are busy, only if the export says that
 * several connections see the same (CAN_MULTI_CONN) and the new one finds the same size, flags, block sizes and metadata contexts.
 * All together have at most {@link Capacity#bytes()} under way.
 *
 * <p>Reads may have any offset and length within the export: they are widened to the minimum block and cut at the server's maximum,
 * and a read that the server refuses as too long (EINVAL, EOVERFLOW) is asked for again in halves. When a connection is lost, reads
 * and block status are repeated as {@link NbdOptions#reconnect()} says, and fail otherwise. Writes are never repeated, and once
 * there was one, no connection is opened in the place of the last that was lost: a server that was restarted may have forgotten it.
 */
public final class NbdClient implements AutoCloseable {

    private final Connections connections;
    private final NbdOptions options;
    private final RequestBounds bounds;
    private final ReadSizes sizes;
    private final ByteBudget budget;

    private NbdClient(Connections connections, NbdOptions options) {
        this.connections = connections;
        this.options = options;
        this.bounds = new RequestBounds(connections.export(), options.capacity().requestBytes());
        this.sizes = new ReadSizes((int) export().blockSizes().minimum(), bounds.maximumBytes());
        this.budget = new ByteBudget(options.capacity().bytes());
    }

    /**
     * Connects and negotiates; blocks. Nothing stays open if it fails.
     *
     * @throws NbdException with {@link NbdErrorCode#CONTEXT_MISSING} if a required metadata context is not granted
     */
    public static NbdClient open(NbdUri uri, NbdOptions options) {
        return new NbdClient(new Connections(uri, options), options);
    }

    /** What was agreed on, the same on every connection. */
    public ExportInfo export() {
        return connections.export();
    }

    /** How many connections are open now. */
    public int connections() {
        return connections.count();
    }

    /** Most bytes of one request on the wire, as far as it is known; what {@link #write} takes, and where {@link #read} cuts. */
    public int maxRequestBytes() {
        return sizes.maximum();
    }

    /**
     * Reads a range. Returns at once, unless as much as allowed is under way: then it blocks.
     *
     * @param length more than 0
     * @return the whole range, when all of it has arrived; the caller releases the buffer. Never a part of it. A long range comes in
     *     a composite buffer.
     */
    public CompletableFuture<ByteBuf> read(long offset, int length) {
        bounds.checkWithin(offset, length);
        int minimum = sizes.minimum();
        long start = offset - offset % minimum;
        long end = Math.min(export().size(), Math.ceilDiv(offset + length, minimum) * minimum);
        if (!reserve(length)) {
            return CompletableFuture.failedFuture(interrupted());
        }
        CompletableFuture<ByteBuf> read;
        try {
            read = pieces(start, end);
        } catch (RuntimeException e) {
            budget.release(length);
            throw e;
        }
        int skipped = (int) (offset - start);
        boolean trimmed = end - start != length;
        CompletableFuture<ByteBuf> range = new CompletableFuture<>();
        var _ = read.whenComplete((bytes, failure) -> {
            budget.release(length);
            if (bytes == null) {
                range.completeExceptionally(failure);
            } else if (!range.complete(trimmed ? bytes.slice(skipped, length) : bytes)) {
                bytes.release();
            }
        });
        return range;
    }

    private CompletableFuture<ByteBuf> pieces(long start, long end) {
        int attempts = options.reconnect().attempts();
        int most = sizes.maximum();
        if (end - start <= most) {
            return RepeatedRead.send(connections, sizes, start, (int) (end - start), attempts);
        }
        PieceReads pieces = new PieceReads((int) ((end - start) / most) + 1);
        for (long at = start; at < end; at += most) {
            pieces.add(RepeatedRead.send(connections, sizes, at, (int) Math.min(most, end - at), attempts));
        }
        return pieces.joined();
    }

    /**
     * Writes the buffer's readable bytes, of which it takes ownership, also if it fails. Blocks as {@link #read} does.
     *
     * @param offset a multiple of the minimum block
     * @param data at most {@link #maxRequestBytes()}, whole blocks but for the end of the export; must not be changed any more
     * @throws NbdException {@link NbdErrorCode#REFUSED_BY_POLICY} if the export is read-only
     */
    public CompletableFuture<@Nullable Void> write(long offset, ByteBuf data) {
        int length = data.readableBytes();
        if (!reserve(length)) {
            data.release();
            return CompletableFuture.failedFuture(interrupted());
        }
        NbdConnection connection;
        try {
            connection = connections.acquireToWrite();
        } catch (RuntimeException e) {
            data.release();
            budget.release(length);
            throw e;
        }
        return counted(length, () -> connection.write(offset, data));
    }

    /** As {@link NbdConnection#writeZeroes}. */
    public CompletableFuture<@Nullable Void> writeZeroes(long offset, long length, boolean punchHole) {
        return connections.acquireToWrite().writeZeroes(offset, length, punchHole);
    }

    /** As {@link NbdConnection#trim}. */
    public CompletableFuture<@Nullable Void> trim(long offset, long length) {
        return connections.acquireToWrite().trim(offset, length);
    }

    /**
     * As {@link NbdConnection#flush}; by CAN_MULTI_CONN it counts for what was answered on the other connections too, as long as none
     * of them was lost meanwhile.
     */
    public CompletableFuture<@Nullable Void> flush() {
        return connections.acquire().flush();
    }

    /** As {@link NbdConnection#walk(long, long, Consumer)}. */
    public void walk(long offset, long length, Consumer<Extent> sink) {
        walk(offset, length, export().contexts(), sink);
    }

    /** As {@link NbdConnection#walk(long, long, Collection, Consumer)}. */
    public void walk(long offset, long length, Collection<String> contexts, Consumer<Extent> sink) {
        bounds.checkRange(offset, length);
        this.<@Nullable Void>walking(length, contexts, false, walker -> {
            walker.walk(offset, length, sink);
            return null;
        });
    }

    /** As {@link NbdConnection#extentAt}. */
    public Extent extentAt(long offset, long length) {
        bounds.checkRange(offset, length);
        return walking(length, export().contexts(), true, walker -> walker.first(offset, length));
    }

    private <T extends @Nullable Object> T walking(
            long length, Collection<String> contexts, boolean one, Function<ExtentWalker, T> walk) {
        StatusRequests requests = new StatusRequests(
                connections, contexts, one, options.reconnect().attempts());
        try {
            return walk.apply(
                    new ExtentWalker(requests, contexts, connections.acquire().walkLimits(length)));
        } catch (ViolationException e) {
            throw requests.poison(e);
        }
    }

    private boolean reserve(long bytes) {
        Transmission.refuseEventLoop();
        try {
            budget.acquire(bytes);
            return true;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        }
    }

    private CompletableFuture<@Nullable Void> counted(long bytes, Supplier<CompletableFuture<@Nullable Void>> request) {
        try {
            return request.get().whenComplete((_, _) -> budget.release(bytes));
        } catch (RuntimeException e) {
            budget.release(bytes);
            throw e;
        }
    }

    private static NbdException interrupted() {
        return new NbdException(NbdErrorCode.CLOSED, "interrupted before the request was sent", "Try again.", null);
    }

    /** Says farewell on all connections; what is in flight fails with {@link NbdErrorCode#CLOSED}. Blocks for a moment. Idempotent. */
    @Override
    public void close() {
        connections.close();
    }
}
