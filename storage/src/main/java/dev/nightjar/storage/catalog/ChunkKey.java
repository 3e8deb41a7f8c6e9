package dev.nightjar.storage.catalog;

import dev.nightjar.storage.chunk.ChunkId;
import java.nio.ByteBuffer;

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

    static ChunkKey of(byte[] key) {
        ByteBuffer bytes = ByteBuffer.wrap(key);
        return new ChunkKey(bytes.getLong(), bytes.getLong());
    }

    byte[] toBytes() {
        return ByteBuffer.allocate(BYTES).putLong(high).putLong(low).array();
    }
}
