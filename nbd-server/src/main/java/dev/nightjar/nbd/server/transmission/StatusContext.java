package dev.nightjar.nbd.server.transmission;

/**
 * A metadata context of a connection.
 *
 * @param id what block status calls it
 * @param name what the disk calls it
 */
public record StatusContext(long id, String name) {}
