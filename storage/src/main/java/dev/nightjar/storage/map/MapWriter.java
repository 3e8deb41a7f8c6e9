package dev.nightjar.storage.map;

import dev.nightjar.storage.StorageException;
import dev.nightjar.storage.chunk.ChunkHasher;
import dev.nightjar.storage.chunk.ChunkId;
import dev.nightjar.storage.chunk.ChunkKind;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.LinkedHashSet;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Makes a new map from a parent and ascending changes. Used by one thread at a time.
 *
 * <p>Only nodes above changed chunks are loaded and stored, and those that come out as they were are not stored again. In memory is one node of each level: the path
 * to the chunk that was changed last. The same content gives the same root, whatever it was made from.
 *
 * <pre>
 *   level 2        [·······#······]            open
 *                          │
 *   level 1        [··#···········]            open: nodes left of it are finished, nodes right of it are not looked at
 *                     │
 *   level 0        [#####·········]            open
 * </pre>
 *
 * <p>When the disk's size changes, the chunk that was the last and short one has other content and must be among the changes.
 */
public final class MapWriter {

    private final NodeStore store;
    private final ChunkHasher hasher;
    private final MapNodes nodes;
    private final MapRoot parent;
    private final long chunkCount;
    private final int levels;

    /** The open nodes by level, from {@link #lowest} up. */
    private final @Nullable OpenNode[] open;

    /** The lowest level that has an open node; {@link #levels} if none has. */
    private int lowest;

    /** The topmost node while none is open. */
    private @Nullable ChunkId rootId;

    private long nextNumber;
    private boolean finished;

    /**
     * Begins a map.
     *
     * @param parent what the new map begins with; {@link MapRoot#zero} for nothing
     * @param chunkCount how many chunks the new map has; of a longer parent the rest is dropped
     */
    public MapWriter(NodeStore store, ChunkHasher hasher, MapRoot parent, long chunkCount) {
        this.store = store;
        this.hasher = hasher;
        this.nodes = new MapNodes(store, hasher);
        this.parent = parent;
        this.chunkCount = chunkCount;
        this.levels = MapRoot.zero(chunkCount).levels();
        this.open = new @Nullable OpenNode[levels];
        this.lowest = levels;
        this.rootId = parent.node();
        fitHeight();
    }

    /**
     * Says what a chunk is.
     *
     * @param number greater than that of every change before
     * @param id its id, or null for zero
     * @throws StorageException if a node cannot be loaded or stored; the writer cannot be used any more then
     */
    public void set(long number, @Nullable ChunkId id) {
        advance(number, 1);
        openPath(number, 0);
        node(0).set(MapShape.place(number, 0), id);
    }

    /**
     * Says which chunks will be set next, so that the parent's nodes above them are fetched together, level by level, instead of one after the other. Changes nothing else.
     *
     * @param numbers ascending, none before the last change
     * @throws StorageException if a node cannot be loaded; the writer cannot be used any more then
     */
    public void expect(long[] numbers) {
        @Nullable ChunkId[] above = new @Nullable ChunkId[numbers.length];
        int level = levels - 1;
        if (lowest == levels) {
            Arrays.fill(above, rootId);
        } else {
            MapNode top = node(level).node;
            Arrays.setAll(above, i -> top.get(MapShape.place(numbers[i], levels - 1)));
            level--;
        }
        for (; level > 0; level--) {
            fetch(above);
            descend(above, numbers, level);
        }
        if (level == 0) {
            fetch(above);
        }
    }

    private void fetch(@Nullable ChunkId[] ids) {
        Set<ChunkId> wanted = new LinkedHashSet<>();
        for (ChunkId id : ids) {
            if (id != null) {
                wanted.add(id);
            }
        }
        nodes.expect(wanted);
    }

    /** Replaces the node above each chunk by the one below it. */
    private void descend(@Nullable ChunkId[] above, long[] numbers, int level) {
        ChunkId loaded = null;
        MapNode node = MapNode.zero(level);
        for (int i = 0; i < above.length; i++) {
            ChunkId id = above[i];
            if (id != null && !id.equals(loaded)) {
                node = nodes.load(id, level);
                loaded = id;
            }
            above[i] = id == null ? null : node.get(MapShape.place(numbers[i], level));
        }
    }

    /**
     * Says that chunks are zero, at a cost that does not grow with their number.
     *
     * @param first greater than that of every change before
     * @throws StorageException as {@link #set}
     */
    public void zero(long first, long count) {
        advance(first, count);
        clear(first, first + count);
    }

    /**
     * Stores what is left to store and returns the new map. The writer cannot be used any more.
     *
     * @throws StorageException if a node cannot be loaded or stored
     */
    public MapRoot finish() {
        requireUnfinished();
        if (parent.chunkCount() > chunkCount) {
            clear(chunkCount, MapShape.childSpan(levels));
        }
        finished = true;
        while (lowest < levels) {
            closeLowest();
        }
        return new MapRoot(rootId, chunkCount);
    }

    /** Brings the parent to the new height: as the leftmost part below new nodes, or the leftmost part of it. */
    private void fitHeight() {
        int parentLevels = parent.levels();
        for (int level = parentLevels - 1; level >= levels; level--) {
            rootId = nodes.load(rootId, level).get(0);
        }
        if (parentLevels < levels && rootId != null) {
            ChunkId below = rootId;
            rootId = null;
            openPath(0, parentLevels);
            node(parentLevels).set(0, below);
        }
    }

    private void clear(long from, long to) {
        long number = from;
        while (number < to) {
            int level = highestLevelWithin(number, to);
            openPath(number, level);
            node(level).set(MapShape.place(number, level), null);
            number += MapShape.childSpan(level);
        }
    }

    /** The highest level of which one place begins at {@code number} and ends by {@code to}. */
    private int highestLevelWithin(long number, long to) {
        int level = 0;
        while (level + 1 < levels) {
            long span = MapShape.childSpan(level + 1);
            if (number % span != 0 || span > to - number) {
                break;
            }
            level++;
        }
        return level;
    }

    /** Makes the node of {@code level} above chunk {@code number} the lowest open one. */
    private void openPath(long number, int level) {
        while (lowest < levels && (lowest < level || node(lowest).index != MapShape.node(number, lowest))) {
            closeLowest();
        }
        while (lowest > level) {
            ChunkId id = lowest == levels ? rootId : node(lowest).node.get(MapShape.place(number, lowest));
            int below = lowest - 1;
            open[below] = new OpenNode(nodes.load(id, below), id, MapShape.node(number, below));
            lowest = below;
        }
    }

    private void closeLowest() {
        OpenNode closing = node(lowest);
        ChunkId id = closing.changed ? store(closing.node) : closing.loadedFrom;
        open[lowest] = null;
        lowest++;
        if (lowest == levels) {
            rootId = id;
        } else {
            node(lowest).set((int) (closing.index % MapShape.FAN_OUT), id);
        }
    }

    private @Nullable ChunkId store(MapNode node) {
        if (node.isZero()) {
            return null;
        }
        ByteBuffer encoded = node.encode();
        ChunkId id = hasher.id(ChunkKind.MAP_NODE, encoded);
        store.store(id, encoded);
        return id;
    }

    private OpenNode node(int level) {
        return Objects.requireNonNull(open[level], "an open node");
    }

    private void advance(long first, long count) {
        requireUnfinished();
        if (count < 0 || first < 0 || first > chunkCount || count > chunkCount - first) {
            throw new IndexOutOfBoundsException(count + " chunks at " + first + " of " + chunkCount);
        }
        if (first < nextNumber) {
            throw new IllegalArgumentException("chunk " + first + " comes after " + (nextNumber - 1));
        }
        nextNumber = first + count;
    }

    private void requireUnfinished() {
        if (finished) {
            throw new IllegalStateException("the map is finished");
        }
    }

    /** A node that is being changed. */
    private static final class OpenNode {

        private final MapNode node;
        private final @Nullable ChunkId loadedFrom;
        private final long index;
        private boolean changed;

        OpenNode(MapNode node, @Nullable ChunkId loadedFrom, long index) {
            this.node = node;
            this.loadedFrom = loadedFrom;
            this.index = index;
        }

        void set(int place, @Nullable ChunkId id) {
            changed |= node.set(place, id);
        }
    }
}
