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
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.UUID;

/**
 * The last two steps of the order of writes: the records, then the one transaction that makes the points complete.
 *
 * <ol>
 *   <li>Transaction: point rows as PENDING. A crash after it leaves rows that nothing ever completes; they and their records go once the lease has ended.
 *   <li>The records {@code points/<id>}. A crash after it leaves records of whole maps whose rows are PENDING; a rebuild of the
 *       catalog takes them for what they are, disks at an instant that restore byte for byte.
 *   <li>Transaction: COMPLETE, if the lease is still ours and every pack that the run leans on is LIVE. The only commit point.
 * </ol>
 */
final class PointCommit {

    /** More than connections that a pool has. */
    private static final int LOOKS = 20;

    /** A connection that is broken already fails at once; for a database that is away the pool waits. */
    private static final Duration LOOKS_BEGIN_WITHIN = Duration.ofSeconds(1);

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
        commit(points, (_, _) -> {});
    }

    /**
     * As {@link #commit}, for points whose ids are given: what an earlier attempt left that died before its last step goes first, for its row and its record have the names
     * of ours, and so does a record that no rebuild could take. A point that is complete is not replaced.
     */
    void commitReplacing(List<PointRecord> points) {
        commit(points, this::makeRoom);
    }

    private void makeRoom(Connection connection, PointRecord point) throws SQLException {
        catalog.repositories().mayRest(connection);
        boolean inTheWay = catalog.points().removePending(connection, point.id());
        inTheWay |= catalog.points().removeLeftOut(connection, point.id());
        if (inTheWay) {
            blobs.delete(PointName.of(point.id()));
        }
    }

    /** Makes room for a point. */
    @FunctionalInterface
    private interface Clearing {
        void clear(Connection connection, PointRecord point) throws SQLException;
    }

    private void commit(List<PointRecord> points, Clearing clearing) {
        List<UUID> ids = points.stream().map(PointRecord::id).toList();
        run.write(connection -> {
            for (PointRecord point : points) {
                clearing.clear(connection, point);
                catalog.points().insert(connection, point, PointState.PENDING);
            }
            catalog.points().writtenBy(connection, ids, run.lease().runId());
            return ids.size();
        });
        try {
            for (PointRecord point : points) {
                blobs.putIfAbsent(PointName.of(point.id()), codec.encode(point));
            }
            run.write(connection -> complete(connection, ids));
        } catch (RuntimeException e) {
            if (!isCompleteAfterAll(points, e)) {
                throw e;
            }
        }
    }

    private int complete(Connection connection, List<UUID> ids) throws SQLException {
        catalog.repositories().shareWithReclaim(connection);
        List<Integer> leaned = run.leaned().all();
        // What was condemned while the run leaned on it is still there: a pack is deleted only after every run that
        // began before.
        catalog.packs().revive(connection, leaned);
        if (catalog.packs().countLive(connection, leaned) != leaned.size()) {
            throw new StorageException(
                    StorageErrorCode.PACK_NOT_LIVE,
                    "A pack that the run built on is being removed",
                    "Run the backup again: it will store those chunks anew.");
        }
        // Another copy of the same point may have put its row in the place of ours.
        List<UUID> ours =
                catalog.points().holdPending(connection, ids, run.lease().runId());
        int completed = catalog.points().complete(connection, ours);
        if (completed != ids.size()) {
            throw new StorageException(
                    StorageErrorCode.INGEST_FAILED,
                    "Only " + completed + " of " + ids.size() + " points are this run's to complete",
                    "Another copy of the same points was made meanwhile, or what this one wrote was removed as a dead run's: start it again.");
        }
        catalog.leases().end(connection, run.lease().runId(), run.lease().epoch());
        return completed;
    }

    /**
     * Finds out whether the points are complete although something failed, as when the connection broke while it waited for the
     * commit's answer. If they are not, the records and rows of this run are removed: what another run has written of the same point
     * meanwhile, as copies may, is left alone. If that cannot be found out, everything stays as it is, for the records may belong to
     * complete points. Whatever broke the connection has broken others that the pool lends, each of which is found out by its first use.
     */
    private boolean isCompleteAfterAll(List<PointRecord> points, RuntimeException failure) {
        long began = System.nanoTime();
        for (int looks = 0; looks < LOOKS && System.nanoTime() - began < LOOKS_BEGIN_WITHIN.toNanos(); looks++) {
            try {
                return catalog.database().inTransaction(connection -> look(connection, points));
            } catch (RuntimeException e) {
                failure.addSuppressed(e);
                if (!(e instanceof StorageException told) || told.code() != StorageErrorCode.CATALOG_UNAVAILABLE) {
                    return false;
                }
            }
        }
        return false;
    }

    private boolean look(Connection connection, List<PointRecord> points) throws SQLException {
        List<UUID> ids = points.stream().map(PointRecord::id).toList();
        catalog.repositories().mayRest(connection);
        // Waits for a rebuild, which may take the records for points, and for a commit that is still under way.
        catalog.repositories().holdGeneration(connection);
        catalog.leases().end(connection, run.lease().runId(), run.lease().epoch());
        Map<UUID, PointState> states = catalog.points().states(connection);
        boolean complete = ids.stream().allMatch(id -> states.get(id) == PointState.COMPLETE);
        if (!complete) {
            reserve(connection, points);
            for (UUID id :
                    catalog.points().holdPending(connection, ids, run.lease().runId())) {
                blobs.delete(PointName.of(id));
                catalog.points().remove(connection, id);
            }
        }
        return complete;
    }

    /**
     * A record is written only once its row is there, and goes before it. So where there is no row, the record is a latecomer, and as
     * long as we hold the row's place nobody else can begin one.
     */
    private void reserve(Connection connection, List<PointRecord> points) throws SQLException {
        for (PointRecord point : points) {
            if (catalog.points().insertIfAbsent(connection, point, PointState.PENDING)) {
                catalog.points()
                        .writtenBy(connection, List.of(point.id()), run.lease().runId());
            }
        }
    }
}
