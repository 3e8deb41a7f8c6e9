package dev.nightjar.storage.scrub;

import dev.nightjar.storage.StorageErrorCode;
import dev.nightjar.storage.StorageException;
import dev.nightjar.storage.catalog.Catalog;
import dev.nightjar.storage.catalog.ChunkKey;
import dev.nightjar.storage.chunk.ChunkId;
import dev.nightjar.storage.chunk.ChunkSize;
import dev.nightjar.storage.map.MapChild;
import dev.nightjar.storage.map.MapReader;
import dev.nightjar.storage.map.MapRoot;
import dev.nightjar.storage.point.PointRecord;
import it.unimi.dsi.fastutil.longs.LongOpenHashSet;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * Tells which parts of which points damage reaches, by walking their maps. A part that several points share and that is whole is walked once; without any damage nothing is walked.
 * Used by one thread; what was walked is remembered for as long as this object lives.
 *
 * <p>Memory: 8 to 16 bytes a damaged chunk, and about 80 a node of the maps, which stands for 64 chunks.
 */
public final class BlastRadius {

    private final MapReader maps;
    private final ChunkSize chunkSize;
    /** The first 64 bits of the keyed ids, which is enough for telling. */
    private final LongOpenHashSet damaged = new LongOpenHashSet();
    /** Nodes below which everything is whole. */
    private final Set<ChunkId> whole = new HashSet<>();

    /** The reach of what the catalog knows to be damaged now. */
    public BlastRadius(Catalog catalog, MapReader maps, ChunkSize chunkSize) {
        this.maps = maps;
        this.chunkSize = chunkSize;
        catalog.database().transact(connection -> catalog.damage().visit(connection, key -> damaged.add(key.high())));
    }

    /**
     * What it reaches of a point.
     *
     * @param mostRanges how many ranges are listed; all are counted
     * @throws StorageException what keeps the store or the catalog from being used
     */
    public Reach of(PointRecord point, int mostRanges) {
        ChunkId root = point.root().node();
        if (damaged.isEmpty() || root == null) {
            return Reach.NONE;
        }
        Walk walk = new Walk(point, new Reach.Builder(mostRanges));
        walk.node(root, point.root().levels() - 1, 0, point.root().chunkCount());
        return walk.reach.build();
    }

    private boolean isDamaged(ChunkId id) {
        return damaged.contains(ChunkKey.of(id).high());
    }

    /** The walk through one point's map. */
    private final class Walk {

        private final MapRoot root;
        private final long diskBytes;
        private final Reach.Builder reach;

        Walk(PointRecord point, Reach.Builder reach) {
            this.root = point.root();
            this.diskBytes = point.sizeBytes();
            this.reach = reach;
        }

        /** Walks what lies below a node that stands for {@code span} chunks; returns whether all of it is whole. */
        boolean node(ChunkId id, int level, long first, long span) {
            if (whole.contains(id)) {
                return true;
            }
            List<MapChild> children;
            try {
                if (isDamaged(id)) {
                    reach.addMap(chunkSize.offset(first), bytes(first, span));
                    return false;
                }
                children = maps.children(id, level);
            } catch (StorageException e) {
                requireAboutThisNode(e);
                reach.addMap(chunkSize.offset(first), bytes(first, span));
                return false;
            }
            boolean all = true;
            if (level > 0) {
                maps.expect(children.stream()
                        .map(MapChild::id)
                        .filter(child -> !whole.contains(child) && !isDamaged(child))
                        .toList());
            }
            for (MapChild child : children) {
                long at = first + child.first();
                all &= level == 0 ? chunk(child.id(), at) : node(child.id(), level - 1, at, child.span());
            }
            if (all) {
                whole.add(id);
            }
            return all;
        }

        private boolean chunk(ChunkId id, long number) {
            boolean bad = isDamaged(id);
            if (bad) {
                reach.add(chunkSize.offset(number), bytes(number, 1));
            }
            return !bad;
        }

        private long bytes(long first, long span) {
            long after = Math.min(root.chunkCount(), first + span);
            long end = after == root.chunkCount() ? diskBytes : chunkSize.offset(after);
            return end - chunkSize.offset(first);
        }
    }

    /** A node that cannot be read is damaged, whether a scrub has found that or not. */
    private static void requireAboutThisNode(StorageException e) {
        // It is told as part of the reach.
        if (!e.code().isOfOneBlob() && e.code() != StorageErrorCode.CHUNK_NOT_FOUND) {
            throw e;
        }
    }
}
