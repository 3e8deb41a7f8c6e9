package dev.nightjar.storage.overlay;

/**
 * A part of a disk that is of one kind.
 *
 * @param kind what it is
 * @param length bytes, at least one
 */
public record KindRun(BlockKind kind, long length) {}
