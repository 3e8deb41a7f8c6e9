package dev.nightjar.storage.content;

import dev.nightjar.storage.chunk.ChunkId;
import dev.nightjar.storage.chunk.ChunkKind;
import dev.nightjar.storage.map.NodeSource;
import java.nio.ByteBuffer;
import java.util.Map;
import java.util.Set;

/** The map nodes that lie in the repository's packs. Thread-safe; nodes that were used last stay in memory. */
public final class StoredNodes implements NodeSource {

    private final ChunkContents contents;
    private final BoundedCache<ChunkId, ByteBuffer> nodes;

    /** The nodes that {@code contents} can read. */
    public StoredNodes(ChunkContents contents, ContentLimits limits) {
        this.contents = contents;
        nodes = new BoundedCache<>(limits.nodes(), _ -> 1);
    }

    @Override
    public ByteBuffer load(ChunkId id) {
        return nodes.get(id, this::read).duplicate();
    }

    private ByteBuffer read(ChunkId id) {
        Map<ChunkId, ByteBuffer> found = contents.read(ChunkKind.MAP_NODE, Set.of(id));
        ByteBuffer shared = found.values().iterator().next();
        // A copy of its own, lest a node keeps a whole frame in memory.
        ByteBuffer node = ByteBuffer.allocate(shared.remaining());
        return node.put(shared).flip().asReadOnlyBuffer();
    }
}
