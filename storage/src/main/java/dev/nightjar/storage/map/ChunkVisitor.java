package dev.nightjar.storage.map;

import dev.nightjar.storage.chunk.ChunkId;

/** Told of the non-zero chunks of a map, in ascending order. */
@FunctionalInterface
public interface ChunkVisitor {

    /** One chunk that is not zero. */
    void chunk(long number, ChunkId id);
}
