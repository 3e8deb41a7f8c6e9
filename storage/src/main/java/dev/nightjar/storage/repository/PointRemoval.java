package dev.nightjar.storage.repository;

import dev.nightjar.storage.StorageErrorCode;
import dev.nightjar.storage.StorageException;
import dev.nightjar.storage.blob.BlobStore;
import dev.nightjar.storage.catalog.Catalog;
import dev.nightjar.storage.catalog.CatalogDatabase.Work;
import dev.nightjar.storage.catalog.PointState;
import dev.nightjar.storage.lock.PointLocks;
import dev.nightjar.storage.point.PointName;
import dev.nightjar.storage.reclaim.ReclaimEpoch;
import java.util.Map;
import java.util.UUID;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Deletes points.
 *
 * <ol>
 *   <li>Transaction: COMPLETE becomes DELETING; nobody finds the point any more. A crash after it leaves a point whose deletion nobody
 *       was told of; the next opening finishes it, unless the catalog is lost before, which brings the point back.
 *   <li>The count of deletions, in the catalog and in the repository: a catalog from an older dump, which still has the point, is known as such.
 *   <li>The record {@code points/<id>}, durably. A crash after it leaves a row that the next opening removes; a rebuild does not find
 *       the point.
 *   <li>Transaction: the row goes. Only then is the deletion acknowledged.
 * </ol>
 *
 * <p>The other way around, a crash after the record went would leave a point that says COMPLETE and that a rebuild loses. Chunks stay
 * where they are until they are reclaimed.
 */
final class PointRemoval {

    private static final Logger LOG = LoggerFactory.getLogger(PointRemoval.class);

    private final Catalog catalog;
    private final BlobStore blobs;
    private final PointLocks locks;
    private final ReclaimEpoch epoch;

    PointRemoval(Catalog catalog, BlobStore blobs, PointLocks locks) {
        epoch = new ReclaimEpoch(catalog, blobs);
        this.catalog = catalog;
        this.blobs = blobs;
        this.locks = locks;
    }

    void delete(UUID point) {
        boolean begun = catalog.database().inTransaction(connection -> {
            catalog.repositories().mayRest(connection);
            boolean found = catalog.points().beginDelete(connection, point)
                    || catalog.points().states(connection).get(point) == PointState.DELETING;
            if (found) {
                // Whoever locks the point waits for its row.
                locks.requireUnlocked(point);
            }
            return found;
        });
        if (!begun && !deleteLeftOut(point)) {
            throw new StorageException(
                    StorageErrorCode.POINT_NOT_FOUND,
                    "There is no recovery point " + point,
                    "It may have been deleted; look at the list of points.");
        }
        if (begun && !finish(point, _ -> true)) {
            locks.requireUnlocked(point);
        }
    }

    /** Finishes deletions that were cut off. */
    void finishAll() {
        Map<UUID, PointState> states = catalog.database().read(catalog.points()::states);
        states.forEach((point, state) -> {
            if (state == PointState.DELETING) {
                finishLater(point);
            }
        });
    }

    /**
     * Removes what runs have left that died between their points' records and the commit: nobody was told of such points, and nobody can complete them. As long as the
     * record is there, so is the row, which keeps what the record needs from being reclaimed.
     */
    void removeAbandoned() {
        catalog.database().transact(connection -> {
            catalog.repositories().mayRest(connection);
            // No rebuild takes the records for points meanwhile; one that did so before has made them COMPLETE.
            catalog.repositories().holdGeneration(connection);
            for (UUID point : catalog.points().holdAbandoned(connection)) {
                // What is locked was complete: the catalog comes from a dump that is older.
                if (locks.of(point).isEmpty() && isLetGo(point)) {
                    catalog.points().remove(connection, point);
                }
            }
        });
    }

    /** Deletes a record; false if the store itself keeps it. */
    private boolean isLetGo(UUID point) {
        try {
            blobs.delete(PointName.of(point));
            return true;
        } catch (StorageException e) {
            if (e.code() != StorageErrorCode.BLOB_RETAINED) {
                throw e;
            }
            LOG.info("what was left of point {} goes later: {}", point, e.getMessage());
            return false;
        }
    }

    /** A record that no rebuild can take is only in the way. */
    private boolean deleteLeftOut(UUID point) {
        if (!catalog.database().read(catalog.points()::leftOut).containsKey(point)) {
            return false;
        }
        count();
        return catalog.database().inTransaction(connection -> {
            catalog.repositories().mayRest(connection);
            catalog.repositories().holdGeneration(connection);
            boolean leftOut = catalog.points().removeLeftOut(connection, point);
            if (leftOut) {
                locks.requireUnlocked(point);
                blobs.delete(PointName.of(point));
            }
            return leftOut;
        });
    }

    /** A store that keeps the record longer than the lock lasted must not keep the repository from being opened. */
    private void finishLater(UUID point) {
        try {
            // Another node may have finished it meanwhile, and a copy brought the point back.
            finish(point, connection -> catalog.points().holdDeleting(connection, point));
        } catch (StorageException e) {
            if (e.code() != StorageErrorCode.BLOB_RETAINED) {
                throw e;
            }
            LOG.info("the deletion of point {} is finished later: {}", point, e.getMessage());
        }
    }

    /** Returns whether the point is gone: not if it was locked by way of another catalog after its deletion had begun here, or is not to be deleted any more. */
    private boolean finish(UUID point, Work<Boolean> isToGo) {
        count();
        boolean gone = catalog.database().inTransaction(connection -> {
            catalog.repositories().mayRest(connection);
            // No rebuild may find the record now and bring the row back behind our back; one that did so before has
            // made it COMPLETE.
            catalog.repositories().holdGeneration(connection);
            if (!isToGo.on(connection)) {
                return false;
            }
            if (locks.of(point).isPresent() && blobs.exists(PointName.of(point))) {
                catalog.points().cancelDelete(connection, point);
                return false;
            }
            blobs.delete(PointName.of(point));
            catalog.points().remove(connection, point);
            catalog.locks().remove(connection, point);
            return true;
        });
        if (gone) {
            forgetLocks(point);
        }
        return gone;
    }

    /** Takes an empty file, for which there is room in the reserve; the next reclaim sets it aside again. */
    private void count() {
        try {
            epoch.advance();
        } catch (StorageException e) {
            if (e.code() != StorageErrorCode.REPOSITORY_FULL || !blobs.reserve().giveUp()) {
                throw e;
            }
            epoch.advance();
        }
    }

    private void forgetLocks(UUID point) {
        try {
            locks.forget(point);
        } catch (StorageException e) {
            LOG.debug("locks of point {}, which is gone, stay behind", point, e);
        }
    }
}
