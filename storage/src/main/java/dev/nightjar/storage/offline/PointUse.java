package dev.nightjar.storage.offline;

import dev.nightjar.storage.point.PointRecord;

/**
 * A point and what it takes. Immutable.
 *
 * @param point the facts
 * @param uniqueChunks how many chunks and map nodes no other point needs
 * @param uniqueBytes about how much room deleting it gives back
 * @param whole whether its map can be read and all its chunks lie in known packs
 */
public record PointUse(PointRecord point, long uniqueChunks, long uniqueBytes, boolean whole) {}
