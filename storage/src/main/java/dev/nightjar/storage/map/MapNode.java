package dev.nightjar.storage.map;

import dev.nightjar.storage.StorageErrorCode;
import dev.nightjar.storage.StorageException;
import dev.nightjar.storage.chunk.ChunkId;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * One node of a map. Encoded, big-endian:
 *
 * <pre>
 *  0  1  version, 1
 *  1  1  level, 0 to 7
 *  2  8  presence: bit i (least significant first) is set if place i is not zero
 * 10     the ids of the non-zero places in ascending order, 32 bytes each
 * </pre>
 *
 * <p>There is one encoding for one content, and none for a node whose places are all zero. Used by one thread at a time.
 */
final class MapNode {

    private static final byte VERSION = 1;
    private static final int HEADER_BYTES = 10;

    private final int level;
    private final @Nullable ChunkId[] places;

    private MapNode(int level, @Nullable ChunkId[] places) {
        this.level = level;
        this.places = places;
    }

    static MapNode zero(int level) {
        return new MapNode(level, new @Nullable ChunkId[MapShape.FAN_OUT]);
    }

    @Nullable
    ChunkId get(int place) {
        return places[place];
    }

    /** Changes a place, and returns whether that made a difference. */
    boolean set(int place, @Nullable ChunkId id) {
        boolean different = !Objects.equals(places[place], id);
        places[place] = id;
        return different;
    }

    boolean isZero() {
        return Arrays.stream(places).allMatch(Objects::isNull);
    }

    ByteBuffer encode() {
        long presence = 0;
        for (int place = 0; place < MapShape.FAN_OUT; place++) {
            presence |= places[place] == null ? 0 : 1L << place;
        }
        ByteBuffer encoded = ByteBuffer.allocate(HEADER_BYTES + Long.bitCount(presence) * ChunkId.BYTES);
        encoded.put(VERSION).put((byte) level).putLong(presence);
        for (ChunkId id : places) {
            if (id != null) {
                id.write(encoded);
            }
        }
        return encoded.flip();
    }

    /**
     * Decodes what {@link #encode} made; anything else is refused.
     *
     * @param id the node's id, for the message
     * @param level the level that it must have
     */
    static MapNode decode(ByteBuffer encoded, ChunkId id, int level) {
        ByteBuffer source = encoded.slice();
        if (source.remaining() < HEADER_BYTES) {
            throw damaged(id, "it has only " + source.remaining() + " bytes");
        }
        int version = Byte.toUnsignedInt(source.get());
        if (version != VERSION) {
            throw new StorageException(
                    StorageErrorCode.FORMAT_UNSUPPORTED,
                    "map node " + id + " has format version " + version,
                    "It was written by a newer release; use that release or a later one.");
        }
        int actualLevel = Byte.toUnsignedInt(source.get());
        long presence = source.getLong();
        if (actualLevel != level) {
            throw damaged(id, "it has level " + actualLevel + " instead of " + level);
        }
        if (presence == 0 || source.remaining() != Long.bitCount(presence) * ChunkId.BYTES) {
            throw damaged(id, "its length does not fit its presence bits");
        }
        MapNode node = zero(level);
        for (int place = 0; place < MapShape.FAN_OUT; place++) {
            if ((presence >>> place & 1) != 0) {
                node.places[place] = ChunkId.read(source);
            }
        }
        return node;
    }

    static StorageException damaged(ChunkId id, String why) {
        return new StorageException(
                StorageErrorCode.DATA_DAMAGED,
                "map node " + id + " is damaged: " + why,
                "Bring its pack back from a copy of the repository; points that do not use it are not affected.");
    }
}
