package dev.nightjar.storage.content;

import dev.nightjar.storage.StorageException;
import dev.nightjar.storage.chunk.ChunkId;
import dev.nightjar.storage.chunk.ChunkKind;
import dev.nightjar.storage.map.NodeSource;
import java.nio.ByteBuffer;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The map nodes that lie in the repository's packs. Thread-safe; nodes that were used last stay in memory. */
public final class StoredNodes implements NodeSource {

    private static final Logger LOG = LoggerFactory.getLogger(StoredNodes.class);

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

    @Override
    public void expect(Collection<ChunkId> ids) {
        List<ChunkId> absent = nodes.absent(ids);
        if (absent.size() < 2) {
            return;
        }
        try {
            contents.read(ChunkKind.MAP_NODE, absent).forEach((id, shared) -> nodes.get(id, _ -> copy(shared)));
        } catch (StorageException e) {
            // Whoever needs the one that cannot be read is told when he loads it.
            LOG.debug("did not fetch {} nodes ahead", absent.size(), e);
        }
    }

    private ByteBuffer read(ChunkId id) {
        Map<ChunkId, ByteBuffer> found = contents.read(ChunkKind.MAP_NODE, Set.of(id));
        return copy(found.values().iterator().next());
    }

    private static ByteBuffer copy(ByteBuffer shared) {
        // A copy of its own, lest a node keeps a whole frame in memory.
        ByteBuffer node = ByteBuffer.allocate(shared.remaining());
        return node.put(shared).flip().asReadOnlyBuffer();
    }
}
