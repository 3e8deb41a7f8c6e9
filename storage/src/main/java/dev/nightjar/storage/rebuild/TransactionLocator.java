package dev.nightjar.storage.rebuild;

import dev.nightjar.storage.StorageErrorCode;
import dev.nightjar.storage.StorageException;
import dev.nightjar.storage.catalog.Catalog;
import dev.nightjar.storage.catalog.ChunkKey;
import dev.nightjar.storage.catalog.ChunkLocation;
import dev.nightjar.storage.content.ChunkLocator;
import dev.nightjar.storage.pack.PackId;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.Collection;
import java.util.Map;
import java.util.Optional;

/** Asks the catalog within the transaction that makes it, which alone sees the new rows. Used by one thread. */
record TransactionLocator(Catalog catalog, Connection connection) implements ChunkLocator {

    @Override
    public Map<ChunkKey, ChunkLocation> locate(Collection<ChunkKey> keys) {
        try {
            return catalog.chunks().locate(connection, keys);
        } catch (SQLException e) {
            throw unavailable(e);
        }
    }

    @Override
    public Optional<PackId> pack(int number) {
        try {
            return catalog.packs().name(connection, number);
        } catch (SQLException e) {
            throw unavailable(e);
        }
    }

    private static StorageException unavailable(SQLException e) {
        return new StorageException(
                StorageErrorCode.CATALOG_UNAVAILABLE,
                "The catalog did not answer as expected: " + e.getMessage(),
                "Start the rebuild again; the old catalog is as it was.",
                e);
    }
}
