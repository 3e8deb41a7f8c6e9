package dev.nightjar.nbd.client.transport;

import java.time.Duration;

/**
 * How long a server may take.
 *
 * @param connect until the socket is connected
 * @param negotiation from then until the handshake is over
 * @param request from sending a request until the last byte of its answer
 */
public record TimeLimits(Duration connect, Duration negotiation, Duration request) {}
