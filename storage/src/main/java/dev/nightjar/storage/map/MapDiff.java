package dev.nightjar.storage.map;

import dev.nightjar.storage.StorageException;
import dev.nightjar.storage.chunk.ChunkHasher;
import dev.nightjar.storage.chunk.ChunkId;
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
        Subtree left = new Subtree(before.node(), before.levels());
        Subtree right = new Subtree(after.node(), after.levels());
        diff(left, right, Math.max(left.levels, right.levels), 0, visitor);
    }

    private void diff(Subtree before, Subtree after, int levels, long first, DifferenceVisitor visitor) {
        if (before.sameAs(after)) {
            return;
        }
        if (levels == 0) {
            visitor.difference(first, before.id, after.id);
            return;
        }
        int level = levels - 1;
        MapNode left = before.levels == levels ? nodes.load(before.id, level) : null;
        MapNode right = after.levels == levels ? nodes.load(after.id, level) : null;
        for (int place = 0; place < MapShape.FAN_OUT; place++) {
            long childFirst = first + place * MapShape.childSpan(level);
            diff(before.child(left, place), after.child(right, place), level, childFirst, visitor);
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

        /** The part below a place of {@code node}, which is null if this subtree has no node of that level. */
        Subtree child(@Nullable MapNode node, int place) {
            if (node != null) {
                return new Subtree(node.get(place), levels - 1);
            }
            return place == 0 ? this : new Subtree(null, 0);
        }
    }
}
