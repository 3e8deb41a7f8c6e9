package dev.nightjar.storage.map;

import static org.assertj.core.api.Assertions.assertThat;

import dev.nightjar.storage.chunk.ChunkHasher;
import dev.nightjar.storage.chunk.ChunkId;
import dev.nightjar.storage.chunk.ChunkKind;
import dev.nightjar.storage.chunk.IdKey;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Nodes in memory. Counts, and fails if a node is stored under a wrong id or before its children. */
final class MemoryNodeStore implements NodeStore {

    static final ChunkHasher HASHER = new ChunkHasher(IdKey.of(key()));

    final Map<ChunkId, ByteBuffer> nodes = new HashMap<>();
    final List<Integer> expected = new ArrayList<>();
    int loads;
    int stores;

    @Override
    public ByteBuffer load(ChunkId id) {
        loads++;
        ByteBuffer node = nodes.get(id);
        assertThat(node).as("node " + id).isNotNull();
        return node.duplicate();
    }

    @Override
    public void expect(Collection<ChunkId> ids) {
        expected.add(ids.size());
    }

    @Override
    public void store(ChunkId id, ByteBuffer node) {
        stores++;
        assertThat(HASHER.id(ChunkKind.MAP_NODE, node)).isEqualTo(id);
        if (node.get(node.position() + 1) > 0) {
            for (ByteBuffer children = node.duplicate().position(node.position() + 10); children.hasRemaining(); ) {
                assertThat(nodes).containsKey(ChunkId.read(children));
            }
        }
        nodes.put(id, node.duplicate());
    }

    MapReader reader() {
        return new MapReader(this, HASHER);
    }

    MapDiff diff() {
        return new MapDiff(this, HASHER);
    }

    MapWriter writer(MapRoot parent, long chunkCount) {
        return new MapWriter(this, HASHER, parent, chunkCount);
    }

    private static byte[] key() {
        byte[] key = new byte[32];
        for (int i = 0; i < key.length; i++) {
            key[i] = (byte) i;
        }
        return key;
    }
}
