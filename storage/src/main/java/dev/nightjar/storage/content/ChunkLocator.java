package dev.nightjar.storage.content;

import dev.nightjar.storage.catalog.ChunkKey;
import dev.nightjar.storage.catalog.ChunkLocation;
import dev.nightjar.storage.pack.PackId;
import java.util.Collection;
import java.util.Map;
import java.util.Optional;

/** Knows where chunks lie. Thread-safe if its users need it to be. */
public interface ChunkLocator {

    /** Where the chunks can be read; unknown ones are missing from the result. */
    Map<ChunkKey, ChunkLocation> locate(Collection<ChunkKey> keys);

    /**
     * Where else a chunk may lie, once it could not be read where it was said to: another place at every call, in some order, until there is none. Knows none unless
     * it knows of every copy.
     */
    default Optional<ChunkLocation> after(ChunkKey key, ChunkLocation failed) {
        return Optional.empty();
    }

    /** The name of a pack that a location mentions; empty if it is gone meanwhile. */
    Optional<PackId> pack(int number);
}
