package dev.nightjar.nbd.client;

import dev.nightjar.nbd.client.extent.Extent;
import dev.nightjar.nbd.client.extent.ExtentWalker;
import dev.nightjar.nbd.client.extent.StatusSource.StatusReply;
import dev.nightjar.nbd.client.extent.WalkLimits;
import dev.nightjar.nbd.client.handshake.Handshake;
import dev.nightjar.nbd.client.handshake.Negotiated;
import dev.nightjar.nbd.client.handshake.Wanted;
import dev.nightjar.nbd.client.transmission.EffectExchange;
import dev.nightjar.nbd.client.transmission.ReadExchange;
import dev.nightjar.nbd.client.transmission.RequestFailedException;
import dev.nightjar.nbd.client.transmission.StatusExchange;
import dev.nightjar.nbd.client.transport.Link;
import dev.nightjar.nbd.client.transport.Transmission;
import dev.nightjar.nbd.protocol.ViolationException;
import io.netty.buffer.ByteBuf;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * One connection to one export. Thread-safe, made for virtual threads: methods block where they say so, everything else happens on
 * shared event loops. Futures complete on an event loop, so what depends on them must be short and must not call this class;
 * use the {@code …Async} forms. They fail with {@link NbdException}; so do the blocking methods.
 *
 * <p>Offsets and lengths are bytes; they lie within the export and are multiples of the minimum block size, except for a range that
 * ends where the export ends. Anything else is an {@link IllegalArgumentException}. After a violation of the protocol, a
 * time-out or the loss of the connection, every request fails with that cause; there is no reconnection.
 */
public final class NbdConnection implements AutoCloseable {

    /** Large requests for zeros are cut into pieces, so that each of them is answered in time. In bytes. */
    private static final long ZEROES_PIECE = 1L << 30;

    private final ExportInfo export;
    private final Negotiated negotiated;
    private final Transmission transmission;
    private final Failures failures;
    private final RequestBounds bounds;

    private NbdConnection(NbdUri uri, NbdOptions options, Negotiated negotiated, Link link) {
        this.negotiated = negotiated;
        this.export = ExportInfo.of(uri.export(), negotiated);
        this.failures = new Failures(uri);
        this.bounds = new RequestBounds(export, options.capacity().requestBytes());
        this.transmission =
                link.begin(negotiated, failures::translate, options.capacity().requests());
    }

    /**
     * Connects and negotiates; blocks. Nothing stays open if it fails.
     *
     * @throws NbdException with {@link NbdErrorCode#CONTEXT_MISSING} if a required metadata context is not granted
     */
    public static NbdConnection open(NbdUri uri, NbdOptions options) {
        return open(uri, options, new Dial(uri, options));
    }

    static NbdConnection open(NbdUri uri, NbdOptions options, Dial dial) {
        Link link = dial.connect();
        try {
            Wanted wanted =
                    new Wanted(uri.export(), options.contexts(), options.optionalContexts(), options.highestMode());
            return new NbdConnection(uri, options, dial.handshake(link).negotiate(wanted), link);
        } catch (RuntimeException e) {
            link.close();
            throw new Failures(uri).translate(e);
        }
    }

    /** As {@link #list(NbdUri, NbdOptions)}, with the defaults. */
    public static List<ExportListing> list(NbdUri uri) {
        return list(uri, NbdOptions.defaults());
    }

    /** The exports of a server, on a connection of its own; the export in the URI does not matter. Blocks. */
    public static List<ExportListing> list(NbdUri uri, NbdOptions options) {
        return new Dial(uri, options)
                .ask(Handshake::list).stream()
                        .map(server -> new ExportListing(server.export(), server.description()))
                        .toList();
    }

    /** As {@link #offeredContexts(NbdUri, NbdOptions, String...)}, everything, with the defaults. */
    public static List<String> offeredContexts(NbdUri uri) {
        return offeredContexts(uri, NbdOptions.defaults());
    }

    /**
     * The metadata contexts that a server offers for the export, on a connection of its own. Blocks.
     *
     * @param queries what to list, such as {@code qemu:} for all of a namespace; none of them means everything
     */
    public static List<String> offeredContexts(NbdUri uri, NbdOptions options, String... queries) {
        return new Dial(uri, options).ask(handshake -> handshake.offeredContexts(uri.export(), List.of(queries)));
    }

    /**
     * What an export is, without opening it, on a connection of its own; no contexts are granted. Blocks.
     *
     * @throws NbdException {@link NbdErrorCode#UNSUPPORTED} if the server tells only those who open it
     */
    public static ExportInfo describe(NbdUri uri, NbdOptions options) {
        return ExportInfo.of(
                uri.export(),
                new Dial(uri, options).ask(handshake -> handshake.describe(uri.export(), options.highestMode())));
    }

    /** What was agreed on. */
    public ExportInfo export() {
        return export;
    }

    /** Most bytes of one read or write: the server's maximum and the options' limit. */
    public int maxRequestBytes() {
        return bounds.maximumBytes();
    }

    /**
     * Reads a range. Returns at once, unless as many requests as allowed are in flight: then it blocks.
     *
     * @param length more than 0, at most {@link #maxRequestBytes()}
     * @return the whole range, when all of it has arrived; the caller releases the buffer. Never a part of it.
     */
    public CompletableFuture<ByteBuf> read(long offset, int length) {
        bounds.checkData(offset, length);
        return transmission
                .submit(new ReadExchange(offset, length, export.canDf()))
                .future();
    }

    /**
     * Writes the buffer's readable bytes, of which it takes ownership, also if it fails. Blocks as {@link #read} does.
     *
     * @param data at most {@link #maxRequestBytes()}; must not be changed any more
     * @throws NbdException {@link NbdErrorCode#REFUSED_BY_POLICY} if the export is read-only
     */
    public CompletableFuture<@Nullable Void> write(long offset, ByteBuf data) {
        try {
            bounds.checkData(offset, data.readableBytes());
            bounds.checkWritable();
        } catch (RuntimeException e) {
            data.release();
            throw e;
        }
        return transmission
                .submit(EffectExchange.write(offset, data, export.mode().extendedHeaders()))
                .future();
    }

    /**
     * Writes zeros, without sending them. Blocks as {@link #read} does; long ranges go out in pieces of 1 GiB.
     *
     * @param punchHole whether the server may give up the space
     * @throws NbdException {@link NbdErrorCode#UNSUPPORTED} if the server does not offer it
     */
    public CompletableFuture<@Nullable Void> writeZeroes(long offset, long length, boolean punchHole) {
        bounds.checkRange(offset, length);
        bounds.checkZeroable();
        List<CompletableFuture<@Nullable Void>> pieces = new ArrayList<>();
        for (long done = 0; done < length; done += ZEROES_PIECE) {
            EffectExchange piece =
                    EffectExchange.writeZeroes(offset + done, Math.min(ZEROES_PIECE, length - done), punchHole);
            pieces.add(transmission.submit(piece).future());
        }
        return pieces.size() == 1
                ? pieces.getFirst()
                : CompletableFuture.allOf(pieces.toArray(CompletableFuture[]::new))
                        .<@Nullable Void>thenApply(_ -> null);
    }

    /**
     * Completes when everything that was answered before is on stable storage. Blocks as {@link #read} does. A server that does
     * not offer it has nothing to say about that, so it completes at once, as in QEMU's client.
     */
    public CompletableFuture<@Nullable Void> flush() {
        if (!export.canFlush()) {
            return CompletableFuture.completedFuture(null);
        }
        return transmission.submit(EffectExchange.flush()).future();
    }

    /**
     * Walks a range by block status; blocks until its end. Every extent has a status for every granted context, neighbours of
     * equal status are one. Without any granted context the range is one extent without status.
     *
     * @param sink called in this thread, in order; it may call this connection. What it got before a failure is true.
     */
    public void walk(long offset, long length, Consumer<Extent> sink) {
        bounds.checkRange(offset, length);
        WalkLimits limits = WalkLimits.of(export.mode(), export.blockSizes().minimum(), length);
        try {
            new ExtentWalker(this::blockStatus, negotiated.contexts(), limits).walk(offset, length, sink);
        } catch (ViolationException e) {
            transmission.poison(e);
            throw failures.translate(e);
        }
    }

    private StatusReply blockStatus(long offset, long length) {
        StatusExchange exchange =
                new StatusExchange(offset, length, negotiated.contexts().size());
        try {
            return new StatusReply.Statuses(
                    transmission.submit(exchange).future().join());
        } catch (CompletionException e) {
            if (e.getCause() instanceof NbdException failed) {
                if (failed.getCause() instanceof RequestFailedException refused) {
                    return new StatusReply.Refused(refused.errno(), failed);
                }
                throw failed;
            }
            throw e;
        }
    }

    /** Whether the connection still stands, as far as it is known. */
    public boolean isOpen() {
        return transmission.isOpen();
    }

    /** Says farewell and closes; requests in flight fail with {@link NbdErrorCode#CLOSED}. Blocks for a moment. Idempotent. */
    @Override
    public void close() {
        transmission.close();
    }
}
