package dev.nightjar.storage.map;

import dev.nightjar.storage.chunk.ChunkId;
import org.jspecify.annotations.Nullable;

/** Told of the chunks in which two maps differ, in ascending order, for as long as it wants to know. */
@FunctionalInterface
public interface DifferenceProbe {

    /** One chunk that differs, as {@link DifferenceVisitor#difference}; false ends the visit. */
    boolean difference(long number, @Nullable ChunkId before, @Nullable ChunkId after);
}
