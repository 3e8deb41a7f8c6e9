package dev.nightjar.nbd.client;

import dev.nightjar.nbd.client.tls.TlsSettings;
import dev.nightjar.nbd.protocol.ReplyMode;
import java.time.Duration;
import java.util.List;

/**
 * How to use a server. Immutable; begin with {@link #defaults()}.
 *
 * @param contexts metadata contexts without which opening fails
 * @param optionalContexts metadata contexts that are asked for too; see {@link ExportInfo#contexts()} for what came of it
 * @param highestMode not to be exceeded, for tests and for servers with defects
 * @param timeouts how long the server may take
 * @param capacity how much to ask for at a time
 * @param tls whether and how to encrypt; what the URI says goes before it
 * @param reconnect for {@link NbdClient} only
 */
public record NbdOptions(
        List<String> contexts,
        List<String> optionalContexts,
        ReplyMode highestMode,
        Timeouts timeouts,
        Capacity capacity,
        TlsSettings tls,
        Reconnect reconnect) {

    /** The context of holes and zeros. */
    public static final String BASE_ALLOCATION = "base:allocation";

    private static final NbdOptions DEFAULTS = new NbdOptions(
            List.of(),
            List.of(BASE_ALLOCATION),
            ReplyMode.EXTENDED,
            Timeouts.DEFAULTS,
            Capacity.DEFAULTS,
            TlsSettings.NEVER,
            Reconnect.NEVER);

    public NbdOptions {
        contexts = List.copyOf(contexts);
        optionalContexts = List.copyOf(optionalContexts);
    }

    /** Extended headers, base:allocation if the server has it, no TLS unless the URI says so, no reconnection. */
    public static NbdOptions defaults() {
        return DEFAULTS;
    }

    public NbdOptions withContexts(String... required) {
        return new NbdOptions(List.of(required), optionalContexts, highestMode, timeouts, capacity, tls, reconnect);
    }

    public NbdOptions withOptionalContexts(String... optional) {
        return new NbdOptions(contexts, List.of(optional), highestMode, timeouts, capacity, tls, reconnect);
    }

    public NbdOptions withHighestMode(ReplyMode mode) {
        return new NbdOptions(contexts, optionalContexts, mode, timeouts, capacity, tls, reconnect);
    }

    public NbdOptions withTimeouts(Timeouts limits) {
        return new NbdOptions(contexts, optionalContexts, highestMode, limits, capacity, tls, reconnect);
    }

    /** The greeting gets the time of the negotiation. */
    public NbdOptions withTimeouts(Duration connect, Duration negotiation, Duration request) {
        return withTimeouts(new Timeouts(connect, negotiation, negotiation, request));
    }

    public NbdOptions withRequestTimeout(Duration limit) {
        return withTimeouts(new Timeouts(timeouts.connect(), timeouts.greeting(), timeouts.negotiation(), limit));
    }

    public NbdOptions withCapacity(Capacity most) {
        return new NbdOptions(contexts, optionalContexts, highestMode, timeouts, most, tls, reconnect);
    }

    public NbdOptions withMaxConnections(int connections) {
        return withCapacity(new Capacity(connections, capacity.requests(), capacity.requestBytes(), capacity.bytes()));
    }

    public NbdOptions withMaxInFlight(int requests) {
        return withCapacity(new Capacity(capacity.connections(), requests, capacity.requestBytes(), capacity.bytes()));
    }

    public NbdOptions withMaxRequestBytes(int bytes) {
        return withCapacity(new Capacity(capacity.connections(), capacity.requests(), bytes, capacity.bytes()));
    }

    public NbdOptions withTls(TlsSettings settings) {
        return new NbdOptions(contexts, optionalContexts, highestMode, timeouts, capacity, settings, reconnect);
    }

    public NbdOptions withReconnect(Reconnect how) {
        return new NbdOptions(contexts, optionalContexts, highestMode, timeouts, capacity, tls, how);
    }
}
