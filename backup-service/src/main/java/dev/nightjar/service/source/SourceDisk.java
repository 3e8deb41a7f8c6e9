package dev.nightjar.service.source;

/**
 * A disk of a source.
 *
 * @param name what it is called in points and runs, unique in its source
 * @param orphaned whether a checkpoint of ours was found that no recovery point names any more
 */
public record SourceDisk(String name, boolean orphaned) {}
