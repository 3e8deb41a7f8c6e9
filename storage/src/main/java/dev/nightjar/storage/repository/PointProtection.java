package dev.nightjar.storage.repository;

import dev.nightjar.storage.StorageErrorCode;
import dev.nightjar.storage.StorageException;
import dev.nightjar.storage.catalog.Catalog;
import dev.nightjar.storage.map.MapRoot;
import dev.nightjar.storage.point.PointRecord;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.UUID;

/**
 * Protects the chunks of points that are read over a long time, with the leases that protect what runs build on. Thread-safe.
 *
 * <p>The epoch is the catalog's generation: a rebuild ends all leases and raises it, so that every holder can begin again, and nobody who has given up.
 */
final class PointProtection {

    private final Catalog catalog;

    PointProtection(Catalog catalog) {
        this.catalog = catalog;
    }

    PointRecord begin(UUID holder, UUID pointId) {
        return catalog.database().inTransaction(connection -> {
            lease(connection, holder, pointId);
            // Nothing is condemned between here and the commit.
            catalog.repositories().shareWithReclaim(connection);
            PointRecord point = catalog.points()
                    .find(connection, pointId)
                    .orElseThrow(() -> new StorageException(
                            StorageErrorCode.POINT_NOT_FOUND,
                            "There is no recovery point " + pointId,
                            "It may have been deleted; look at the list of points."));
            catalog.leases().protect(connection, holder, pointId, point.root());
            return point;
        });
    }

    void renew(UUID holder, UUID pointId, MapRoot root) {
        catalog.database().transact(connection -> {
            lease(connection, holder, pointId);
            catalog.leases().protect(connection, holder, pointId, root);
        });
    }

    private void lease(Connection connection, UUID holder, UUID pointId) throws SQLException {
        long generation = catalog.repositories()
                .holdGeneration(connection)
                .orElseThrow(() -> new StorageException(
                        StorageErrorCode.CATALOG_NEEDS_REBUILD,
                        "The catalog does not know the repository",
                        "Rebuild the catalog from the repository."));
        if (!catalog.leases().begin(connection, holder, generation)) {
            throw new StorageException(
                    StorageErrorCode.LEASE_LOST,
                    "The protection of point " + pointId + " for " + holder + " has ended",
                    "Open the point again.");
        }
    }
}
