package dev.nightjar.nbd.server;

import dev.nightjar.nbd.server.export.Exports;
import dev.nightjar.nbd.server.tls.TlsPolicy;
import dev.nightjar.nbd.server.tls.TlsSetup;
import dev.nightjar.nbd.server.transport.ClientInitializer;
import dev.nightjar.nbd.server.transport.ConnectionLimits;
import dev.nightjar.nbd.server.transport.Listeners;
import dev.nightjar.nbd.server.transport.ServerContext;
import dev.nightjar.nbd.server.transport.ServerMemory;
import dev.nightjar.nbd.server.transport.ServerTally;
import dev.nightjar.nbd.server.transport.ServerTally.Ending;
import io.netty.channel.Channel;
import io.netty.channel.ChannelInitializer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.SocketAddress;
import java.util.List;
import java.util.concurrent.Executor;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * A running server. Thread-safe. Newstyle handshake with or without TLS; extended, structured and simple replies. Begins without
 * exports; see {@link Exports#add}.
 *
 * <p>The empty export name stands for the only export if there is exactly one, so that clients which name none find it.
 */
public final class NbdServer implements AutoCloseable {

    private static final Executor VIRTUAL_THREADS = Executors.newVirtualThreadPerTaskExecutor();

    private final ServerContext context;
    private final Listeners listeners;
    private final AtomicBoolean closed = new AtomicBoolean();

    private NbdServer(ServerContext context, Listeners listeners) {
        this.context = context;
        this.listeners = listeners;
    }

    /**
     * Listens and serves from here on; blocks for a moment.
     *
     * @throws UncheckedIOException if an address cannot be listened on
     * @throws IllegalArgumentException if the files for TLS cannot be used
     */
    public static NbdServer start(NbdServerOptions options) {
        TlsSetup tls = TlsSetup.of(options.tls());
        ServerContext context = context(options, new Exports(options.shutdownGrace()), tls, VIRTUAL_THREADS);
        try {
            return new NbdServer(
                    context, Listeners.open(options.listen(), new ClientInitializer(context, options.maxClients())));
        } catch (IOException e) {
            tls.close();
            throw new UncheckedIOException(e);
        }
    }

    /**
     * What makes a channel of the caller's speak to a client, without any socket and in plain: for an embedded or local channel.
     *
     * @param blocking runs what may block; with one that runs everything at once, all that happens happens in the channel's thread
     */
    public static ChannelInitializer<Channel> conversation(
            NbdServerOptions options, Exports exports, Executor blocking) {
        return new ClientInitializer(
                context(options, exports, TlsSetup.of(new TlsPolicy.Off()), blocking), options.maxClients());
    }

    private static ServerContext context(NbdServerOptions options, Exports exports, TlsSetup tls, Executor blocking) {
        return new ServerContext(
                exports,
                tls,
                new ConnectionLimits(
                        options.handshakeTimeout(),
                        options.stallTimeout(),
                        options.maxInFlight(),
                        Math.max(NbdServerOptions.LARGEST_REQUEST_BYTES, options.memoryBytes() / 4)),
                ServerMemory.of(options.memoryBytes()),
                blocking,
                new ServerTally());
    }

    /** What is served; may be changed at any time. */
    public Exports exports() {
        return context.exports();
    }

    /** Where it listens, in the order of the options, with the ports that it got. */
    public List<SocketAddress> addresses() {
        return listeners.addresses();
    }

    public ServerStatistics statistics() {
        ServerTally tally = context.tally();
        return new ServerStatistics(
                tally.clients(),
                tally.connections(),
                tally.count(Ending.TOO_MANY_CLIENTS),
                tally.count(Ending.HANDSHAKE_TIMEOUT),
                tally.count(Ending.TLS_FAILED),
                tally.count(Ending.STALLED),
                tally.violations(),
                context.memory().heldBytes());
    }

    /**
     * Stops listening, answers what was begun, answers what still comes with ESHUTDOWN and closes; blocks for at most the grace
     * period. Unix sockets are removed. Idempotent.
     */
    @Override
    public void close() {
        if (closed.getAndSet(true)) {
            return;
        }
        listeners.stopListening();
        context.exports().close();
        listeners.close();
        context.tls().close();
    }
}
