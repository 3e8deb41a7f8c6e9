package dev.nightjar.storage.map;

import dev.nightjar.storage.chunk.ChunkId;
import org.jspecify.annotations.Nullable;

/** Told of the chunks in which two maps differ, in ascending order. */
@FunctionalInterface
public interface DifferenceVisitor {

    /**
     * One chunk that differs; null stands for zero, and for what is beyond the end of the shorter disk.
     */
    void difference(long number, @Nullable ChunkId before, @Nullable ChunkId after);
}
