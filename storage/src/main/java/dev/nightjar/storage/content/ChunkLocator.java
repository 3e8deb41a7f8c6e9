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

    /** The name of a pack that a location mentions; empty if it is gone meanwhile. */
    Optional<PackId> pack(int number);
}
