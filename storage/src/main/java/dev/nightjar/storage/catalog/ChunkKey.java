package dev.nightjar.storage.catalog;

import dev.nightjar.storage.chunk.ChunkId;
import java.util.UUID;

/**
 * The first sixteen bytes of a chunk id: what the catalog knows a chunk by. A keyed hash of 128 bits is enough to find a
 * chunk; the whole id is checked wherever content is read.
 *
 * @param high bytes 0 to 7, big-endian
 * @param low bytes 8 to 15, big-endian
 */
public record ChunkKey(long high, long low) {

    /** Length of a key in bytes. */
    public static final int BYTES = 16;

    /** The key of a chunk. */
    public static ChunkKey of(ChunkId id) {
        return new ChunkKey(id.a(), id.b());
    }

    // PostgreSQL's type of sixteen bytes, whatever they mean.
    static ChunkKey of(UUID key) {
        return new ChunkKey(key.getMostSignificantBits(), key.getLeastSignificantBits());
    }

    UUID toUuid() {
        return new UUID(high, low);
    }
}
