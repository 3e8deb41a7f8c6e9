package dev.nightjar.storage.rebuild;

import dev.nightjar.storage.StorageErrorCode;
import dev.nightjar.storage.StorageException;
import dev.nightjar.storage.catalog.ChunkKey;
import dev.nightjar.storage.chunk.ChunkHasher;
import dev.nightjar.storage.chunk.ChunkId;
import dev.nightjar.storage.content.ChunkLocator;
import dev.nightjar.storage.map.MapDiff;
import dev.nightjar.storage.map.MapRoot;
import dev.nightjar.storage.map.NodeSource;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Finds out whether maps are whole: every node can be read and every chunk lies in a known pack. Only what differs from the map
 * before is looked at, so the points of one disk should come one after the other. Used by one thread.
 */
final class WholeMaps {

    private static final int BATCH = 4096;

    private final ChunkLocator locator;
    private final MapDiff diff;
    private final Map<ChunkKey, ChunkId> wanted = new HashMap<>();
    private MapRoot known = MapRoot.zero(0);

    WholeMaps(ChunkLocator locator, NodeSource nodes, ChunkHasher hasher) {
        this.locator = locator;
        this.diff = new MapDiff(nodes, hasher);
    }

    /**
     * Returns if the map is whole.
     *
     * @throws StorageException CHUNK_NOT_FOUND, DATA_DAMAGED, or what else makes a node unreadable
     */
    void require(MapRoot root) {
        wanted.clear();
        diff.diff(known, root, (_, _, id) -> want(id));
        ask();
        known = root;
    }

    private void want(@Nullable ChunkId id) {
        if (id != null) {
            wanted.put(ChunkKey.of(id), id);
            if (wanted.size() == BATCH) {
                ask();
            }
        }
    }

    private void ask() {
        wanted.keySet().removeAll(locator.locate(wanted.keySet()).keySet());
        if (!wanted.isEmpty()) {
            throw new StorageException(
                    StorageErrorCode.CHUNK_NOT_FOUND,
                    wanted.size() + " of its chunks lie in no pack, "
                            + wanted.values().iterator().next() + " among them",
                    "Bring the missing packs back from a copy of the repository, then rebuild the catalog again.");
        }
    }
}
