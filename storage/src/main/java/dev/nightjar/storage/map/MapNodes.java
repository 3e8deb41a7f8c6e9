package dev.nightjar.storage.map;

import dev.nightjar.storage.chunk.ChunkHasher;
import dev.nightjar.storage.chunk.ChunkId;
import dev.nightjar.storage.chunk.ChunkKind;
import java.nio.ByteBuffer;
import java.util.Collection;
import org.jspecify.annotations.Nullable;

/** Loads nodes and checks that they are what their ids say. */
record MapNodes(NodeSource source, ChunkHasher hasher) {

    /** The node of this id, which must have this level; the zero node for null. */
    MapNode load(@Nullable ChunkId id, int level) {
        if (id == null) {
            return MapNode.zero(level);
        }
        ByteBuffer encoded = source.load(id);
        if (!hasher.matches(ChunkKind.MAP_NODE, encoded, id)) {
            throw MapNode.damaged(id, "its content has another id");
        }
        return MapNode.decode(encoded, id, level);
    }

    /** Says that these will be loaded next. */
    void expect(Collection<ChunkId> ids) {
        source.expect(ids);
    }
}
