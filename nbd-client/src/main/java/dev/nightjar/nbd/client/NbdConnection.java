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
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
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

    /** Large requests without payload are cut into pieces, so that each of them is answered in time. In bytes. */
    private static final long EFFECT_PIECE = 1L << 30;

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
        return inPieces(offset, length, (at, bytes) -> EffectExchange.writeZeroes(at, bytes, punchHole));
    }

    /**
     * Tells the server that a range is not needed any more; what is read there afterwards is anything. Blocks as {@link #read} does;
     * long ranges go out in pieces of 1 GiB.
     *
     * @throws NbdException {@link NbdErrorCode#UNSUPPORTED} if the server does not offer it
     */
    public CompletableFuture<@Nullable Void> trim(long offset, long length) {
        bounds.checkRange(offset, length);
        bounds.checkTrimmable();
        return inPieces(offset, length, EffectExchange::trim);
    }

    private interface Piece {
        EffectExchange at(long offset, long length);
    }

    private CompletableFuture<@Nullable Void> inPieces(long offset, long length, Piece exchange) {
        List<CompletableFuture<@Nullable Void>> pieces = new ArrayList<>();
        for (long done = 0; done < length; done += EFFECT_PIECE) {
            EffectExchange piece = exchange.at(offset + done, Math.min(EFFECT_PIECE, length - done));
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
        walk(offset, length, export.contexts(), sink);
    }

    /**
     * As {@link #walk(long, long, Consumer)}, for some of the granted contexts. The server is asked for those only, where it can leave
     * out the others.
     *
     * @throws IllegalArgumentException if one of them was not granted
     */
    public void walk(long offset, long length, Collection<String> contexts, Consumer<Extent> sink) {
        bounds.checkRange(offset, length);
        checked(() -> walker(contexts, length, false).walk(offset, length, sink));
    }

    /**
     * The extent that begins at an offset, in every granted context; blocks. It ends where the first of them changes, or earlier.
     *
     * @param length how far it is of interest
     */
    public Extent extentAt(long offset, long length) {
        bounds.checkRange(offset, length);
        Extent[] found = new Extent[1];
        checked(() -> found[0] = walker(export.contexts(), length, true).first(offset, length));
        return found[0];
    }

    private ExtentWalker walker(Collection<String> contexts, long length, boolean one) {
        return new ExtentWalker((at, bytes) -> status(at, bytes, contexts, one), contexts, walkLimits(length));
    }

    WalkLimits walkLimits(long length) {
        return WalkLimits.of(export.mode(), export.blockSizes().minimum(), length);
    }

    /** A reply may be well-formed, and break a rule nevertheless. */
    private void checked(Runnable walk) {
        try {
            walk.run();
        } catch (ViolationException e) {
            throw poison(e);
        }
    }

    /** Ends the connection, and returns what to throw. */
    RuntimeException poison(ViolationException violation) {
        transmission.poison(violation);
        return failures.translate(violation);
    }

    /** One request for block status, and its answer. */
    StatusReply status(long offset, long length, Collection<String> contexts, boolean one) {
        Map<Long, String> ids = new LinkedHashMap<>(negotiated.contexts());
        boolean some = ids.values().retainAll(contexts);
        if (ids.size() < contexts.size()) {
            throw new IllegalArgumentException("not all of " + contexts + " were granted, only " + export.contexts());
        }
        StatusExchange exchange = some && export.canFilterContexts()
                ? StatusExchange.filtered(offset, length, ids.keySet(), one)
                : StatusExchange.all(offset, length, negotiated.contexts().size(), one);
        try {
            return new StatusReply.Statuses(
                    transmission.submit(exchange).future().join(), exchange.isFiltered() ? ids : negotiated.contexts());
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

    /** How many requests wait for an answer. */
    int inFlight() {
        return transmission.inFlight();
    }

    /** What ended the connection, or null while it stands. */
    @Nullable
    RuntimeException failure() {
        return transmission.failure();
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
