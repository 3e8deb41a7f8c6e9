package dev.nightjar.nbd.client;

/**
 * One export of a server.
 *
 * @param name to open it by
 * @param description the server's words for people, may be empty
 */
public record ExportListing(String name, String description) {}
