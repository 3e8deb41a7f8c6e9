package dev.nightjar.nbd.server.handshake;

/**
 * A metadata context that a client has chosen.
 *
 * @param id what block status calls it on this connection
 * @param name for example {@code base:allocation}
 */
public record GrantedContext(long id, String name) {}
