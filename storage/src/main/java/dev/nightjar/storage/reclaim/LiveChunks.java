package dev.nightjar.storage.reclaim;

import dev.nightjar.storage.catalog.ChunkKey;
import dev.nightjar.storage.chunk.ChunkId;
import dev.nightjar.storage.map.MapReader;
import dev.nightjar.storage.map.MapRoot;
import it.unimi.dsi.fastutil.longs.LongOpenHashSet;
import java.util.HashSet;
import java.util.Set;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * The chunks that some point needs, by the first 64 bits of their ids: 9 to 18 bytes a chunk, whatever the number of points. Two chunks with the same 64 bits
 * are taken for one, which at worst keeps a chunk that could go. Whether a subtree was visited already is told by whole ids, for there a mix-up would lose chunks.
 * Used by one thread.
 */
final class LiveChunks {

    private static final float LOAD_FACTOR = 0.9f;

    /** A table of 4 GiB; more than that comes by growing. */
    private static final long MOST_AT_ONCE = 400_000_000;

    private final MapReader maps;
    private final LongOpenHashSet live;
    private final Set<ChunkId> nodes = new HashSet<>();
    private final Set<MapRoot> roots = new HashSet<>();

    /** What kept a map from being visited to its end. */
    private @Nullable RuntimeException incomplete;

    /**
     * None so far.
     *
     * @param expected how many there may be; with room for them from the start, nothing is held twice while it grows
     */
    LiveChunks(MapReader maps, long expected) {
        this.maps = maps;
        this.live = new LongOpenHashSet((int) Math.min(expected, MOST_AT_ONCE), LOAD_FACTOR);
    }

    /** Adds what these roots need; costs what none of the roots before has shared with them. */
    void add(Set<MapRoot> more) {
        add(more, _ -> {});
    }

    /** The same; tells which chunks were not needed before. Once this has failed it always does: a mark with a hole must not be believed. */
    void add(Set<MapRoot> more, Consumer<ChunkId> added) {
        if (incomplete != null) {
            throw incomplete;
        }
        try {
            visit(more, added);
        } catch (RuntimeException e) {
            incomplete = e;
            throw e;
        }
    }

    private void visit(Set<MapRoot> more, Consumer<ChunkId> added) {
        for (MapRoot root : more) {
            if (roots.add(root)) {
                maps.visit(
                        root,
                        node -> {
                            if (!nodes.add(node)) {
                                return false;
                            }
                            addOne(node, added);
                            return true;
                        },
                        chunk -> addOne(chunk, added));
            }
        }
    }

    boolean contains(ChunkKey key) {
        return live.contains(key.high());
    }

    private void addOne(ChunkId id, Consumer<ChunkId> added) {
        if (live.add(ChunkKey.of(id).high())) {
            added.accept(id);
        }
    }
}
