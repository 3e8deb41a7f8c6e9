package dev.nightjar.storage.map;

import dev.nightjar.storage.chunk.ChunkId;
import java.util.ArrayList;
import java.util.List;

/**
 * Chunks that a walk is about.
 *
 * @param from the first
 * @param to the one after the last
 */
record Range(long from, long to) {

    /** Whether a part of what lies below one place of a node of {@code level} is in the range. */
    boolean meets(long first, int level) {
        return first < to && first + MapShape.childSpan(level) > from;
    }

    /** The non-zero children of a node of {@code level} that begins at chunk {@code first}, as far as the range meets them. */
    List<ChunkId> childrenWithin(MapNode node, int level, long first) {
        List<ChunkId> children = new ArrayList<>();
        for (int place = 0; place < MapShape.FAN_OUT; place++) {
            ChunkId child = node.get(place);
            if (child != null && meets(first + place * MapShape.childSpan(level), level)) {
                children.add(child);
            }
        }
        return children;
    }
}
