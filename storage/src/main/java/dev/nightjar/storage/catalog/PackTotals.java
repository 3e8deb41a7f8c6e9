package dev.nightjar.storage.catalog;

/**
 * What a repository's packs add up to.
 *
 * @param packs how many there are
 * @param storedBytes length of their files
 * @param chunks chunks and map nodes in their directories; one stored twice by racing runs counts twice
 */
public record PackTotals(long packs, long storedBytes, long chunks) {}
