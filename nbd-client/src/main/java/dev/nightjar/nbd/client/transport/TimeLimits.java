package dev.nightjar.nbd.client.transport;

import java.time.Duration;

/**
 * How long a server may take.
 *
 * @param connect until the socket is connected
 * @param greeting from then until its greeting
 * @param negotiation from then until the handshake is over
 * @param request how long nothing may move while a request waits
 */
public record TimeLimits(Duration connect, Duration greeting, Duration negotiation, Duration request) {}
