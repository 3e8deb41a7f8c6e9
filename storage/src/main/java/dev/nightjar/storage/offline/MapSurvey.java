package dev.nightjar.storage.offline;

import dev.nightjar.storage.StorageException;
import dev.nightjar.storage.chunk.ChunkId;
import dev.nightjar.storage.chunk.ChunkSize;
import dev.nightjar.storage.map.MapChild;
import dev.nightjar.storage.map.MapReader;
import dev.nightjar.storage.point.PointRecord;
import java.util.List;

/**
 * Walks maps to their last chunk and tells what of a disk cannot be read. What several points share and is whole is walked once. Used by one thread; remembers in the index what was whole.
 */
final class MapSurvey {

    private final MapReader maps;
    private final ChunkIndex chunks;
    private final ChunkSize chunkSize;

    MapSurvey(MapReader maps, ChunkIndex chunks, ChunkSize chunkSize) {
        this.maps = maps;
        this.chunks = chunks;
        this.chunkSize = chunkSize;
    }

    /**
     * What of a point cannot be read.
     *
     * @throws StorageException what keeps the store from being read
     */
    UnreadablePart of(PointRecord point) {
        UnreadablePart.Builder found = new UnreadablePart.Builder();
        ChunkId root = point.root().node();
        if (root != null) {
            new Walk(point, found)
                    .node(root, point.root().levels() - 1, 0, point.root().chunkCount());
        }
        return found.build(point);
    }

    private final class Walk {

        private final PointRecord point;
        private final UnreadablePart.Builder found;

        Walk(PointRecord point, UnreadablePart.Builder found) {
            this.point = point;
            this.found = found;
        }

        /** Walks what lies below a node; returns whether all of it is whole. */
        boolean node(ChunkId id, int level, long first, long span) {
            if (chunks.isWhole(id)) {
                return true;
            }
            List<MapChild> children;
            try {
                children = maps.children(id, level);
            } catch (StorageException e) {
                if (!Flaw.isOfOneBlob(e)) {
                    throw e;
                }
                found.node(chunkSize.offset(first), bytes(first, span));
                return false;
            }
            if (level > 0) {
                maps.expect(children.stream()
                        .map(MapChild::id)
                        .filter(child -> !chunks.isWhole(child))
                        .toList());
            }
            boolean whole = true;
            for (MapChild child : children) {
                long at = first + child.first();
                whole &= level == 0 ? chunk(child.id(), at) : node(child.id(), level - 1, at, child.span());
            }
            if (whole) {
                chunks.markWhole(id);
            }
            return whole;
        }

        private boolean chunk(ChunkId id, long number) {
            if (number >= point.root().chunkCount()) {
                // A map that names chunks beyond its disk is none that was ever written.
                found.node(Math.max(0, point.sizeBytes() - 1), 1);
                return false;
            }
            if (chunks.isSound(id)) {
                return true;
            }
            if (chunks.isKnown(id)) {
                found.damagedChunk(chunkSize.offset(number), bytes(number, 1));
            } else {
                found.missingChunk(chunkSize.offset(number), bytes(number, 1));
            }
            return false;
        }

        private long bytes(long first, long span) {
            long after = Math.min(point.root().chunkCount(), first + span);
            long end = after == point.root().chunkCount() ? point.sizeBytes() : chunkSize.offset(after);
            return end - chunkSize.offset(first);
        }
    }
}
