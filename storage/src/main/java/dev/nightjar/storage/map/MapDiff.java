package dev.nightjar.storage.map;

import dev.nightjar.storage.StorageException;
import dev.nightjar.storage.chunk.ChunkHasher;
import dev.nightjar.storage.chunk.ChunkId;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Compares two maps at a cost proportional to their difference: subtrees of the same id are not looked into. Thread-safe if the source is.
 */
public final class MapDiff {

    private final MapNodes nodes;

    /** Compares maps whose nodes are in {@code source}. */
    public MapDiff(NodeSource source, ChunkHasher hasher) {
        this.nodes = new MapNodes(source, hasher);
    }

    /**
     * Visits every chunk in which the two maps differ. Disks of different sizes may be compared: what one of them lacks is zero.
     *
     * @throws StorageException DATA_DAMAGED, FORMAT_UNSUPPORTED, or what the source throws
     */
    public void diff(MapRoot before, MapRoot after, DifferenceVisitor visitor) {
        long to = Math.max(before.chunkCount(), after.chunkCount());
        diffWhile(before, after, 0, to, (number, left, right) -> {
            visitor.difference(number, left, right);
            return true;
        });
    }

    /**
     * As {@link #diff}, but only the chunks from {@code from} up to but not including {@code to}, and only until the probe has enough. Chunks beyond the end of both disks do
     * not differ.
     *
     * @return whether everything was visited
     * @throws StorageException as {@link #diff}
     */
    public boolean diffWhile(MapRoot before, MapRoot after, long from, long to, DifferenceProbe probe) {
        if (from < 0 || from > to) {
            throw new IndexOutOfBoundsException("chunks " + from + " to " + to);
        }
        Subtree left = new Subtree(before.node(), before.levels());
        Subtree right = new Subtree(after.node(), after.levels());
        return diff(left, right, Math.max(left.levels, right.levels), 0, new Range(from, to), probe);
    }

    private boolean diff(Subtree before, Subtree after, int levels, long first, Range range, DifferenceProbe probe) {
        if (before.sameAs(after) || !range.meets(first, levels)) {
            return true;
        }
        if (levels == 0) {
            return probe.difference(first, before.id, after.id);
        }
        int level = levels - 1;
        MapNode left = before.levels == levels ? nodes.load(before.id, level) : null;
        MapNode right = after.levels == levels ? nodes.load(after.id, level) : null;
        if (level > 0) {
            nodes.expect(nextNodes(before, left, after, right, new Children(level, first, range)));
        }
        for (int place = 0; place < MapShape.FAN_OUT; place++) {
            long childFirst = first + place * MapShape.childSpan(level);
            if (!diff(before.child(left, place), after.child(right, place), level, childFirst, range, probe)) {
                return false;
            }
        }
        return true;
    }

    private static List<ChunkId> nextNodes(
            Subtree before, @Nullable MapNode left, Subtree after, @Nullable MapNode right, Children children) {
        List<ChunkId> next = new ArrayList<>();
        for (int place = 0; place < MapShape.FAN_OUT; place++) {
            Subtree one = before.child(left, place);
            Subtree other = after.child(right, place);
            if (children.meets(place) && !one.sameAs(other)) {
                one.addNode(children.level, next);
                other.addNode(children.level, next);
            }
        }
        return next;
    }

    /** The parts below a node of {@code level} that begins at chunk {@code first}, as far as the range meets them. */
    private record Children(int level, long first, Range range) {

        boolean meets(int place) {
            return range.meets(first + place * MapShape.childSpan(level), level);
        }
    }

    /**
     * A part of a map.
     *
     * @param id its topmost node, or the chunk if it has no levels; null if all of it is zero
     * @param levels how many levels of nodes it has: fewer than the part it is compared with if its disk is much smaller, and then it lies at the very left
     */
    private record Subtree(@Nullable ChunkId id, int levels) {

        boolean sameAs(Subtree other) {
            return Objects.equals(id, other.id) && (id == null || levels == other.levels);
        }

        /** Adds the topmost node, if it is one of a subtree of so many levels. */
        void addNode(int wantedLevels, List<ChunkId> nodes) {
            if (id != null && levels == wantedLevels) {
                nodes.add(id);
            }
        }

        /** The part below a place of {@code node}, which is null if this subtree has no node of that level. */
        Subtree child(@Nullable MapNode node, int place) {
            if (node != null) {
                return new Subtree(node.get(place), levels - 1);
            }
            return place == 0 ? this : new Subtree(null, 0);
        }
    }
}
