package dev.nightjar.storage.offline;

import dev.nightjar.storage.StorageException;
import dev.nightjar.storage.chunk.ChunkId;
import dev.nightjar.storage.map.MapChild;
import dev.nightjar.storage.map.MapReader;
import dev.nightjar.storage.offline.Progress.Phase;
import dev.nightjar.storage.point.PointRecord;
import java.util.ArrayList;
import java.util.List;

/**
 * Finds out which points need which chunks. A part of a map that is one point's alone is walked once, one that several share twice, however many they are. Used by one thread.
 */
final class ChunkUses {

    private final MapReader maps;
    private final ChunkIndex chunks;

    ChunkUses(MapReader maps, ChunkIndex chunks) {
        this.maps = maps;
        this.chunks = chunks;
    }

    /**
     * Notes in the index who uses what; points are known by their place in the list.
     *
     * @return the places of the points whose maps cannot be read as a whole
     * @throws StorageException what keeps the store from being read
     */
    List<Integer> walk(List<PointRecord> points, Progress progress) {
        chunks.clearUsers();
        List<Integer> partly = new ArrayList<>();
        for (int user = 0; user < points.size(); user++) {
            PointRecord point = points.get(user);
            ChunkId root = point.root().node();
            if (root != null && !node(root, point.root().levels() - 1, user)) {
                partly.add(user);
            }
            progress.at(Phase.MAPS, user + 1L, points.size());
        }
        return partly;
    }

    private boolean node(ChunkId id, int level, int user) {
        if (!chunks.use(id, user)) {
            return chunks.isKnown(id);
        }
        List<MapChild> children;
        try {
            children = maps.children(id, level);
        } catch (StorageException e) {
            if (!Flaw.isOfOneBlob(e)) {
                throw e;
            }
            return false;
        }
        boolean whole = true;
        if (level == 0) {
            for (MapChild child : children) {
                whole &= chunks.use(child.id(), user) || chunks.isKnown(child.id());
            }
            return whole;
        }
        maps.expect(children.stream().map(MapChild::id).toList());
        for (MapChild child : children) {
            whole &= node(child.id(), level - 1, user);
        }
        return whole;
    }
}
