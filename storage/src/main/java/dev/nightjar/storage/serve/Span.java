package dev.nightjar.storage.serve;

/**
 * A range of a disk, in bytes.
 *
 * @param from where it begins
 * @param to where it ends
 */
record Span(long from, long to) {}
