package dev.nightjar.nbd.server.transport;

import java.time.Duration;

/**
 * What one connection may use.
 *
 * @param handshake until its export is chosen
 * @param stall how long it may take no reply, and how long one request's payload may take
 * @param maxInFlight requests that are served at a time
 * @param shareBytes data that its requests and replies may hold at a time, at least the largest request
 */
public record ConnectionLimits(Duration handshake, Duration stall, int maxInFlight, long shareBytes) {}
