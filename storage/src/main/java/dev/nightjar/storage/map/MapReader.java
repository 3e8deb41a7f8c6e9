package dev.nightjar.storage.map;

import dev.nightjar.storage.StorageException;
import dev.nightjar.storage.chunk.ChunkHasher;
import dev.nightjar.storage.chunk.ChunkId;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * Reads maps. Every node is checked against its id. Thread-safe if the source is; keeps no nodes, so a source that is read at random wants a cache.
 *
 * <p>Every method throws {@link StorageException}: DATA_DAMAGED, FORMAT_UNSUPPORTED, or what the source throws.
 */
public final class MapReader {

    private final MapNodes nodes;

    /** A reader of the maps whose nodes are in {@code source}. */
    public MapReader(NodeSource source, ChunkHasher hasher) {
        this.nodes = new MapNodes(source, hasher);
    }

    /** The id of one chunk, or null if it is zero. Loads one node of each level. */
    public @Nullable ChunkId get(MapRoot root, long number) {
        if (number < 0 || number >= root.chunkCount()) {
            throw new IndexOutOfBoundsException("chunk " + number + " of " + root.chunkCount());
        }
        ChunkId id = root.node();
        for (int level = root.levels() - 1; level >= 0 && id != null; level--) {
            id = nodes.load(id, level).get(MapShape.place(number, level));
        }
        return id;
    }

    /** Visits the non-zero chunks from {@code from} up to but not including {@code to}, ascending. Loads only nodes on the way to them, each once. */
    public void walk(MapRoot root, long from, long to, ChunkVisitor visitor) {
        walkWhile(root, from, to, (number, id) -> {
            visitor.chunk(number, id);
            return true;
        });
    }

    /** Visits all non-zero chunks. */
    public void walk(MapRoot root, ChunkVisitor visitor) {
        walk(root, 0, root.chunkCount(), visitor);
    }

    /**
     * As {@link #walk(MapRoot, long, long, ChunkVisitor)}, but ends as soon as the probe has enough: the cost is that of what was visited.
     *
     * @return whether everything was visited
     */
    public boolean walkWhile(MapRoot root, long from, long to, ChunkProbe probe) {
        if (from < 0 || from > to || to > root.chunkCount()) {
            throw new IndexOutOfBoundsException("chunks " + from + " to " + to + " of " + root.chunkCount());
        }
        ChunkId id = root.node();
        return id == null || from == to || walk(id, root.levels() - 1, 0, new Range(from, to), probe);
    }

    /**
     * Visits the nodes and the chunks of a map, each subtree only if it is wanted.
     *
     * @param node asked for each node, topmost first; what lies below it is visited if it says yes
     * @param chunk told of the chunks of each leaf that is visited
     */
    public void visit(MapRoot root, Predicate<ChunkId> node, Consumer<ChunkId> chunk) {
        ChunkId id = root.node();
        if (id != null && node.test(id)) {
            visit(id, root.levels() - 1, node, chunk);
        }
    }

    /**
     * What lies right below a node.
     *
     * @param level the node's level; that of a map's topmost node is one less than the map's levels
     */
    public List<MapChild> children(ChunkId node, int level) {
        MapNode loaded = nodes.load(node, level);
        List<MapChild> children = new ArrayList<>();
        for (int place = 0; place < MapShape.FAN_OUT; place++) {
            ChunkId child = loaded.get(place);
            if (child != null) {
                children.add(new MapChild(child, place * MapShape.childSpan(level), MapShape.childSpan(level)));
            }
        }
        return children;
    }

    /** Says that these nodes are likely to be loaded next. */
    public void expect(Collection<ChunkId> ids) {
        nodes.expect(ids);
    }

    private void visit(ChunkId id, int level, Predicate<ChunkId> wanted, Consumer<ChunkId> chunk) {
        MapNode node = nodes.load(id, level);
        List<ChunkId> children = new ArrayList<>();
        for (int place = 0; place < MapShape.FAN_OUT; place++) {
            ChunkId child = node.get(place);
            if (child != null && level == 0) {
                chunk.accept(child);
            } else if (child != null && wanted.test(child)) {
                children.add(child);
            }
        }
        nodes.expect(children);
        children.forEach(child -> visit(child, level - 1, wanted, chunk));
    }

    private boolean walk(ChunkId id, int level, long first, Range range, ChunkProbe probe) {
        MapNode node = nodes.load(id, level);
        if (level > 0) {
            nodes.expect(range.childrenWithin(node, level, first));
        }
        for (int place = 0; place < MapShape.FAN_OUT; place++) {
            ChunkId child = node.get(place);
            long childFirst = first + place * MapShape.childSpan(level);
            if (child == null || !range.meets(childFirst, level)) {
                continue;
            }
            boolean wantsMore =
                    level == 0 ? probe.chunk(childFirst, child) : walk(child, level - 1, childFirst, range, probe);
            if (!wantsMore) {
                return false;
            }
        }
        return true;
    }
}
