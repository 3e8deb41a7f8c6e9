package dev.nightjar.storage.serve;

import dev.nightjar.storage.catalog.ChunkLocation;
import dev.nightjar.storage.chunk.ChunkId;
import org.jspecify.annotations.Nullable;

/** Sixty-four neighbouring chunks of a disk: what they are, and where each was last known to lie. Immutable. */
final class Leaf {

    static final int CHUNKS = 64;

    private final @Nullable Chunk[] chunks;

    /** A chunk that is not zero. */
    record Chunk(ChunkId id, ChunkLocation location) {}

    /** Keeps the array; null stands for zero. */
    Leaf(@Nullable Chunk[] chunks) {
        this.chunks = chunks;
    }

    /** The chunk at a place, or null if it is zero. */
    @Nullable
    Chunk get(int place) {
        return chunks[place];
    }

    /** The number of the leaf that a chunk is in. */
    static long number(long chunk) {
        return chunk / CHUNKS;
    }

    /** The place of a chunk in its leaf. */
    static int place(long chunk) {
        return (int) (chunk % CHUNKS);
    }
}
