package dev.nightjar.storage.recover;

import dev.nightjar.storage.chunk.ChunkId;
import org.jspecify.annotations.Nullable;

/** Which chunks of a disk are wanted, in ascending order. */
@FunctionalInterface
interface ChunkWalk {

    /** Names them one by one. */
    void walk(Taker taker);

    /** Takes what a walk names. */
    @FunctionalInterface
    interface Taker {

        /** The next chunk; null stands for zero. */
        void take(long number, @Nullable ChunkId id);
    }
}
