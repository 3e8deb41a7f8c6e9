package dev.nightjar.storage.repository;

import dev.nightjar.storage.StorageErrorCode;
import dev.nightjar.storage.StorageException;
import dev.nightjar.storage.blob.BlobStore;
import dev.nightjar.storage.catalog.Catalog;
import dev.nightjar.storage.catalog.PointState;
import dev.nightjar.storage.point.PointName;
import java.util.Map;
import java.util.UUID;

/**
 * Deletes points.
 *
 * <ol>
 *   <li>Transaction: COMPLETE becomes DELETING; nobody finds the point any more. A crash after it leaves a point whose deletion nobody
 *       was told of; the next opening finishes it, unless the catalog is lost before, which brings the point back.
 *   <li>The record {@code points/<id>}, durably. A crash after it leaves a row that the next opening removes; a rebuild does not find
 *       the point.
 *   <li>Transaction: the row goes. Only then is the deletion acknowledged.
 * </ol>
 *
 * <p>The other way around, a crash after the record went would leave a point that says COMPLETE and that a rebuild loses. Chunks stay
 * where they are until they are reclaimed.
 */
final class PointRemoval {

    private final Catalog catalog;
    private final BlobStore blobs;

    PointRemoval(Catalog catalog, BlobStore blobs) {
        this.catalog = catalog;
        this.blobs = blobs;
    }

    void delete(UUID point) {
        boolean begun = catalog.database()
                .inTransaction(connection -> catalog.points().beginDelete(connection, point)
                        || catalog.points().states(connection).get(point) == PointState.DELETING);
        if (!begun && !deleteLeftOut(point)) {
            throw new StorageException(
                    StorageErrorCode.POINT_NOT_FOUND,
                    "There is no recovery point " + point,
                    "It may have been deleted; look at the list of points.");
        }
        if (begun) {
            finish(point);
        }
    }

    /** Finishes deletions that were cut off. */
    void finishAll() {
        Map<UUID, PointState> states = catalog.database().read(catalog.points()::states);
        states.forEach((point, state) -> {
            if (state == PointState.DELETING) {
                finish(point);
            }
        });
    }

    /** A record that no rebuild can take is only in the way. */
    private boolean deleteLeftOut(UUID point) {
        return catalog.database().inTransaction(connection -> {
            catalog.repositories().holdGeneration(connection);
            boolean leftOut = catalog.points().removeLeftOut(connection, point);
            if (leftOut) {
                blobs.delete(PointName.of(point));
            }
            return leftOut;
        });
    }

    private void finish(UUID point) {
        catalog.database().transact(connection -> {
            // No rebuild may find the record now and bring the row back behind our back; one that did so before has
            // made it COMPLETE.
            catalog.repositories().holdGeneration(connection);
            blobs.delete(PointName.of(point));
            catalog.points().remove(connection, point);
        });
    }
}
