package dev.nightjar.storage.serve;

import dev.nightjar.storage.catalog.ChunkKey;
import dev.nightjar.storage.catalog.ChunkLocation;
import dev.nightjar.storage.chunk.ChunkId;
import dev.nightjar.storage.content.BoundedCache;
import dev.nightjar.storage.content.ChunkContents;
import dev.nightjar.storage.content.ChunkLocator;
import dev.nightjar.storage.map.MapReader;
import dev.nightjar.storage.map.MapRoot;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** What lies where on the disks that are served: a part of their maps together with the catalog's answers. Thread-safe. */
final class Leaves {

    private final MapReader maps;
    private final ChunkLocator locator;
    private final BoundedCache<LeafKey, Leaf> leaves;

    private record LeafKey(MapRoot root, long number) {}

    Leaves(MapReader maps, ChunkLocator locator, long limit) {
        this.maps = maps;
        this.locator = locator;
        leaves = new BoundedCache<>(limit, _ -> 1);
    }

    /** The leaf of a disk; costs one question to the catalog if it is not known. */
    Leaf get(MapRoot root, long number) {
        return leaves.get(new LeafKey(root, number), this::load);
    }

    /** The leaf of a disk if it is known; never waits. */
    @Nullable
    Leaf peek(MapRoot root, long number) {
        return leaves.peek(new LeafKey(root, number));
    }

    /** Forgets where chunks lie. */
    void remove(MapRoot root, long number) {
        leaves.remove(new LeafKey(root, number));
    }

    private Leaf load(LeafKey key) {
        long first = key.number * Leaf.CHUNKS;
        long end = Math.min(first + Leaf.CHUNKS, key.root.chunkCount());
        Map<Integer, ChunkId> ids = new LinkedHashMap<>();
        maps.walk(key.root, first, end, (number, id) -> ids.put(Leaf.place(number), id));
        Leaf.@Nullable Chunk[] chunks = new Leaf.Chunk[Leaf.CHUNKS];
        if (!ids.isEmpty()) {
            Map<ChunkKey, ChunkLocation> found = locator.locate(
                    ids.values().stream().map(ChunkKey::of).distinct().toList());
            ids.forEach((place, id) -> chunks[place] = chunk(id, found.get(ChunkKey.of(id))));
        }
        return new Leaf(chunks);
    }

    private static Leaf.Chunk chunk(ChunkId id, @Nullable ChunkLocation location) {
        if (location == null) {
            throw ChunkContents.unknown(id);
        }
        return new Leaf.Chunk(id, location);
    }
}
