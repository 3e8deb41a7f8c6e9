package dev.nightjar.storage.content;

import dev.nightjar.storage.catalog.Catalog;
import dev.nightjar.storage.catalog.ChunkKey;
import dev.nightjar.storage.catalog.ChunkLocation;
import dev.nightjar.storage.pack.PackId;
import java.util.Collection;
import java.util.Map;
import java.util.Optional;

/** Asks the catalog, each time on a connection of its own. Thread-safe. */
public record CatalogLocator(Catalog catalog) implements ChunkLocator {

    @Override
    public Map<ChunkKey, ChunkLocation> locate(Collection<ChunkKey> keys) {
        return catalog.database().read(connection -> catalog.chunks().locate(connection, keys));
    }

    @Override
    public Optional<PackId> pack(int number) {
        return catalog.database().read(connection -> catalog.packs().name(connection, number));
    }
}
