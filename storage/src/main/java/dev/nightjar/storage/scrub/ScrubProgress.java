package dev.nightjar.storage.scrub;

/**
 * How far a scrub has come.
 *
 * @param packs packs that were read
 * @param bytes bytes that were read
 * @param plannedBytes about how many there will be in the end
 * @param damagedPacks packs that were found to be damaged
 */
public record ScrubProgress(long packs, long bytes, long plannedBytes, long damagedPacks) {}
