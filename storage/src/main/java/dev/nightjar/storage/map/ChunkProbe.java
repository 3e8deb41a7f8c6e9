package dev.nightjar.storage.map;

import dev.nightjar.storage.chunk.ChunkId;

/** Told of the non-zero chunks of a map, in ascending order, for as long as it wants to know. */
@FunctionalInterface
public interface ChunkProbe {

    /** One chunk that is not zero; false ends the visit. */
    boolean chunk(long number, ChunkId id);
}
