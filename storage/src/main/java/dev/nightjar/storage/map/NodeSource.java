package dev.nightjar.storage.map;

import dev.nightjar.storage.StorageException;
import dev.nightjar.storage.chunk.ChunkId;
import java.nio.ByteBuffer;
import java.util.Collection;

/** Where the encoded nodes of maps come from. */
@FunctionalInterface
public interface NodeSource {

    /**
     * The encoded node from position to limit of a buffer that nobody changes. The map checks that it has the id.
     *
     * @throws StorageException if it cannot be had; never an empty answer
     */
    ByteBuffer load(ChunkId id);

    /**
     * Says that these nodes are likely to be loaded next, so that a source far away can fetch them together. Nothing is promised: what cannot be had is told by
     * {@link #load} when its turn comes.
     */
    default void expect(Collection<ChunkId> ids) {}
}
