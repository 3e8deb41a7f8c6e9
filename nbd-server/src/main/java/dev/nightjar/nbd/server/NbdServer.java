package dev.nightjar.nbd.server;

import dev.nightjar.nbd.server.export.Exports;
import java.net.SocketAddress;
import java.util.List;

/** A running server. Thread-safe. */
public final class NbdServer implements AutoCloseable {

    private final Exports exports = new Exports();
    private final NbdServerOptions options;

    private NbdServer(NbdServerOptions options) {
        this.options = options;
    }

    /** Listens and serves from here on; blocks for a moment. */
    public static NbdServer start(NbdServerOptions options) {
        return new NbdServer(options);
    }

    /** What is served; may be changed at any time. */
    public Exports exports() {
        return exports;
    }

    /** Where it listens, in the order of the options, with the ports that it got. */
    public List<SocketAddress> addresses() {
        return options.listen();
    }

    /**
     * Stops listening, answers what was begun, answers what still comes with ESHUTDOWN and closes; blocks for at most the grace
     * period. Unix sockets are removed. Idempotent.
     */
    @Override
    public void close() {}
}
