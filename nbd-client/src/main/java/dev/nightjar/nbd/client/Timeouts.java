package dev.nightjar.nbd.client;

import dev.nightjar.nbd.client.transport.TimeLimits;
import java.time.Duration;

/**
 * How long a server may take. When a limit passes, the connection is closed. Immutable.
 *
 * @param connect until the socket is connected
 * @param greeting from then until the server's first words; a server at its limit of clients says nothing
 * @param negotiation from then until the handshake is over, with TLS
 * @param request how long nothing at all may move, in either direction, while a request waits. A long answer that keeps arriving is
 *     not cut off by this; what bounds it is a slowest rate of 256 KiB a second for all bytes that are under way, after this time
 */
public record Timeouts(Duration connect, Duration greeting, Duration negotiation, Duration request) {

    /** For servers that are not far away: 10, 10, 15 and 60 seconds. */
    public static final Timeouts DEFAULTS = new Timeouts(
            Duration.ofSeconds(10), Duration.ofSeconds(10), Duration.ofSeconds(15), Duration.ofSeconds(60));

    TimeLimits limits() {
        return new TimeLimits(connect, greeting, negotiation, request);
    }
}
