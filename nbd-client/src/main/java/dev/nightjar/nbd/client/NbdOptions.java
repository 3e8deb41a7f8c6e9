package dev.nightjar.nbd.client;

import dev.nightjar.nbd.client.transport.TimeLimits;
import dev.nightjar.nbd.protocol.ReplyMode;
import java.time.Duration;
import java.util.List;

/**
 * How to use a server. Immutable; begin with {@link #defaults()}.
 *
 * @param contexts metadata contexts without which opening fails
 * @param optionalContexts metadata contexts that are asked for too; see {@link ExportInfo#contexts()} for what came of it
 * @param highestMode not to be exceeded, for tests and for servers with defects
 * @param connectTimeout until the socket is connected
 * @param negotiationTimeout from then until the handshake is over
 * @param requestTimeout from sending a request until the last byte of its answer; when it passes, the connection is closed
 * @param maxInFlight requests at a time; QEMU serves 16
 * @param maxRequestBytes most bytes of one read or write, whatever the server allows
 */
public record NbdOptions(
        List<String> contexts,
        List<String> optionalContexts,
        ReplyMode highestMode,
        Duration connectTimeout,
        Duration negotiationTimeout,
        Duration requestTimeout,
        int maxInFlight,
        int maxRequestBytes) {

    /** The context of holes and zeros. */
    public static final String BASE_ALLOCATION = "base:allocation";

    private static final NbdOptions DEFAULTS = new NbdOptions(
            List.of(),
            List.of(BASE_ALLOCATION),
            ReplyMode.EXTENDED,
            Duration.ofSeconds(10),
            Duration.ofSeconds(15),
            Duration.ofSeconds(60),
            16,
            32 * 1024 * 1024);

    public NbdOptions {
        contexts = List.copyOf(contexts);
        optionalContexts = List.copyOf(optionalContexts);
        if (maxInFlight < 1 || maxRequestBytes < 1) {
            throw new IllegalArgumentException("limits must be positive");
        }
    }

    /** Extended headers, base:allocation if the server has it, 16 requests in flight, up to 32 MiB each. */
    public static NbdOptions defaults() {
        return DEFAULTS;
    }

    public NbdOptions withContexts(String... required) {
        return new NbdOptions(
                List.of(required),
                optionalContexts,
                highestMode,
                connectTimeout,
                negotiationTimeout,
                requestTimeout,
                maxInFlight,
                maxRequestBytes);
    }

    public NbdOptions withOptionalContexts(String... optional) {
        return new NbdOptions(
                contexts,
                List.of(optional),
                highestMode,
                connectTimeout,
                negotiationTimeout,
                requestTimeout,
                maxInFlight,
                maxRequestBytes);
    }

    public NbdOptions withHighestMode(ReplyMode mode) {
        return new NbdOptions(
                contexts,
                optionalContexts,
                mode,
                connectTimeout,
                negotiationTimeout,
                requestTimeout,
                maxInFlight,
                maxRequestBytes);
    }

    public NbdOptions withTimeouts(Duration connect, Duration negotiation, Duration request) {
        return new NbdOptions(
                contexts, optionalContexts, highestMode, connect, negotiation, request, maxInFlight, maxRequestBytes);
    }

    public NbdOptions withMaxInFlight(int requests) {
        return new NbdOptions(
                contexts,
                optionalContexts,
                highestMode,
                connectTimeout,
                negotiationTimeout,
                requestTimeout,
                requests,
                maxRequestBytes);
    }

    public NbdOptions withMaxRequestBytes(int bytes) {
        return new NbdOptions(
                contexts,
                optionalContexts,
                highestMode,
                connectTimeout,
                negotiationTimeout,
                requestTimeout,
                maxInFlight,
                bytes);
    }

    TimeLimits timeLimits() {
        return new TimeLimits(connectTimeout, negotiationTimeout, requestTimeout);
    }
}
