package dev.nightjar.storage.repository;

/**
 * What a repository holds, as its catalog knows it.
 *
 * @param packs files of chunks
 * @param storedBytes length of the packs
 * @param chunks chunks and map nodes in them
 * @param points complete points
 */
public record RepositoryTotals(long packs, long storedBytes, long chunks, long points) {}
