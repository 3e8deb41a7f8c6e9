package dev.nightjar.storage.ingest;

import dev.nightjar.storage.StorageErrorCode;
import dev.nightjar.storage.StorageException;
import dev.nightjar.storage.blob.BlobStore;
import dev.nightjar.storage.catalog.Catalog;
import dev.nightjar.storage.catalog.PointState;
import dev.nightjar.storage.point.PointName;
import dev.nightjar.storage.point.PointRecord;
import dev.nightjar.storage.point.PointRecordCodec;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.UUID;

/**
 * The last two steps of the order of writes: the records, then the one transaction that makes the points complete.
 *
 * <ol>
 *   <li>Transaction: point rows as PENDING. A crash after it leaves rows that nothing ever completes.
 *   <li>The records {@code points/<id>}. A crash after it leaves records of whole maps whose rows are PENDING; a rebuild of the
 *       catalog takes them for what they are, disks at an instant that restore byte for byte.
 *   <li>Transaction: COMPLETE, if the lease is still ours and every pack that the run leans on is LIVE. The only commit point.
 * </ol>
 */
final class PointCommit {

    private final RunState run;
    private final Catalog catalog;
    private final BlobStore blobs;
    private final PointRecordCodec codec;

    PointCommit(RunState run, Catalog catalog, BlobStore blobs, PointRecordCodec codec) {
        this.run = run;
        this.catalog = catalog;
        this.blobs = blobs;
        this.codec = codec;
    }

    /** Returns once all points are complete, or throws with none of them complete. */
    void commit(List<PointRecord> points) {
        List<UUID> ids = points.stream().map(PointRecord::id).toList();
        run.write(connection -> {
            for (PointRecord point : points) {
                catalog.points().insert(connection, point, PointState.PENDING);
            }
            return ids.size();
        });
        try {
            for (PointRecord point : points) {
                blobs.putIfAbsent(PointName.of(point.id()), codec.encode(point));
            }
            run.write(connection -> complete(connection, ids));
        } catch (RuntimeException e) {
            switch (outcome(ids, e)) {
                case COMMITTED -> {
                    return;
                }
                case ROLLED_BACK -> withdraw(ids, e);
                case UNKNOWN -> {
                    // The records may belong to complete points: leave everything as it is.
                }
            }
            throw e;
        }
    }

    private int complete(Connection connection, List<UUID> ids) throws SQLException {
        catalog.repositories().shareWithReclaim(connection);
        List<Integer> leaned = run.leaned().all();
        if (catalog.packs().countLive(connection, leaned) != leaned.size()) {
            throw new StorageException(
                    StorageErrorCode.PACK_NOT_LIVE,
                    "A pack that the run built on is being removed",
                    "Run the backup again: it will store those chunks anew.");
        }
        int completed = catalog.points().complete(connection, ids);
        if (completed != ids.size()) {
            throw new IllegalStateException(completed + " of " + ids.size() + " points were pending");
        }
        catalog.leases().end(connection, run.lease().runId(), run.lease().epoch());
        return completed;
    }

    private enum Outcome {
        COMMITTED,
        ROLLED_BACK,
        UNKNOWN
    }

    /**
     * Finds out whether the points are complete although something failed, as when the connection broke while it waited for the
     * commit's answer. Ending the lease waits for a transaction that may still be about to end, and lets no later one commit.
     */
    private Outcome outcome(Collection<UUID> ids, RuntimeException failure) {
        try {
            Map<UUID, PointState> states = catalog.database().inTransaction(connection -> {
                catalog.leases()
                        .end(connection, run.lease().runId(), run.lease().epoch());
                return catalog.points().states(connection);
            });
            boolean complete = ids.stream().allMatch(id -> states.get(id) == PointState.COMPLETE);
            return complete ? Outcome.COMMITTED : Outcome.ROLLED_BACK;
        } catch (RuntimeException e) {
            failure.addSuppressed(e);
            return Outcome.UNKNOWN;
        }
    }

    private void withdraw(List<UUID> ids, RuntimeException failure) {
        try {
            ids.forEach(id -> blobs.delete(PointName.of(id)));
            catalog.database().transact(connection -> {
                for (UUID id : ids) {
                    catalog.points().remove(connection, id, PointState.PENDING);
                }
            });
        } catch (RuntimeException e) {
            // What is left is what a crash here would have left.
            failure.addSuppressed(e);
        }
    }
}
