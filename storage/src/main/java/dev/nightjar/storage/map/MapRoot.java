package dev.nightjar.storage.map;

import dev.nightjar.storage.chunk.ChunkId;
import org.jspecify.annotations.Nullable;

/**
 * The content of a whole disk: two roots of one repository are equal exactly if all their chunks are. Immutable.
 *
 * @param node the topmost node, or null if every chunk is zero
 * @param chunkCount how many chunks the disk has, which also gives the height of the tree
 */
public record MapRoot(@Nullable ChunkId node, long chunkCount) {

    /** Most chunks that a map can have: eight levels of 64. Disks of 2^63-1 bytes in chunks of 64 KiB need half of it. */
    public static final long MAX_CHUNKS = 1L << 48;

    /** Refuses counts that no map can have. */
    public MapRoot {
        if (chunkCount < 0 || chunkCount > MAX_CHUNKS) {
            throw new IllegalArgumentException("a map has 0 to " + MAX_CHUNKS + " chunks, not " + chunkCount);
        }
        if (chunkCount == 0 && node != null) {
            throw new IllegalArgumentException("a map without chunks has no node");
        }
    }

    /** The map of a disk of {@code chunkCount} chunks that are all zero. */
    public static MapRoot zero(long chunkCount) {
        return new MapRoot(null, chunkCount);
    }

    /** How many levels of nodes the tree has, at least one. The root's level is one less. */
    public int levels() {
        return MapShape.levels(chunkCount);
    }
}
