package dev.nightjar.storage.lock;

import dev.nightjar.storage.StorageErrorCode;
import dev.nightjar.storage.StorageException;
import dev.nightjar.storage.blob.BlobStore;
import dev.nightjar.storage.catalog.Catalog;
import dev.nightjar.storage.chunk.IdKey;
import dev.nightjar.storage.point.PointRecord;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Locks points, in this order:
 *
 * <ol>
 *   <li>Within a transaction that holds the point's row, so that nobody deletes it meanwhile: the blob, then the catalog's row. A crash in between leaves a lock that holds, and that lists do not
 *       show until the point is locked again or the catalog is rebuilt.
 *   <li>Where the store can keep blobs, everything that the point needs is kept. A crash before leaves that to {@link #keepAll}.
 * </ol>
 *
 * Thread-safe.
 */
public final class Locking {

    /** A lock can never be taken back, so that nobody shall lock for ages by mistyping a year. */
    private static final Duration LONGEST = Duration.ofDays(100 * 365L);

    private static final Logger LOG = LoggerFactory.getLogger(Locking.class);

    private final Catalog catalog;
    private final BlobStore blobs;
    private final PointLocks locks;
    private final LockCodec codec;
    private final StoreKeeping keeping;

    /** Locks the points of one repository. */
    public Locking(
            Catalog catalog, BlobStore blobs, PointLocks locks, UUID repository, IdKey key, StoreKeeping keeping) {
        this.catalog = catalog;
        this.blobs = blobs;
        this.locks = locks;
        this.codec = new LockCodec(repository, key);
        this.keeping = keeping;
    }

    /**
     * Locks a complete point, or extends its lock; blocks while the store is told of everything that it shall keep. An earlier date than that of a lock that holds changes nothing.
     *
     * @return the lock that holds
     * @throws StorageException POINT_NOT_FOUND, INVALID_ARGUMENT if the date is over or more than a hundred years away, CATALOG_UNAVAILABLE, or what the store says; the lock may hold then
     */
    public PointLock lock(UUID point, Instant until) {
        PointLock lock = lockUnkept(point, until);
        if (blobs.retention().isKept()) {
            keeping.keep(lock);
        }
        return lock;
    }

    /** As {@link #lock}, but the store is told by {@link #keepAll} only. */
    public PointLock lockUnkept(UUID point, Instant until) {
        Instant now = locks.now();
        Instant whole = until.plus(Duration.ofSeconds(1).minusNanos(1)).truncatedTo(ChronoUnit.SECONDS);
        if (!whole.isAfter(now) || whole.isAfter(now.plus(LONGEST))) {
            throw new StorageException(
                    StorageErrorCode.INVALID_ARGUMENT,
                    "A point cannot be locked until " + until + ": it is " + now + " now",
                    "Name a date in the future, and at most a hundred years away.");
        }
        return catalog.database().inTransaction(connection -> {
            catalog.repositories().mayRest(connection);
            requirePoint(connection, point);
            PointLock longest = locks.of(point)
                    .filter(held -> !held.until().isBefore(whole))
                    .orElseGet(() -> new PointLock(point, whole));
            blobs.putIfAbsent(longest.blobName(), codec.encode(longest, now));
            catalog.locks().set(connection, point, longest.until());
            return longest;
        });
    }

    /**
     * Has the store keep what it was not told of yet: after a crash, or after the catalog was rebuilt. A point that has lost something does not keep the store from being told of the others.
     *
     * @throws StorageException CATALOG_UNAVAILABLE, DATA_DAMAGED if a point's map cannot be read, or what the store says
     */
    public void keepAll() {
        Map<UUID, Instant> unkept = catalog.database().read(catalog.locks()::unkept);
        Instant now = locks.now();
        if (!unkept.isEmpty() && blobs.retention().isKept()) {
            Failures failures = new Failures();
            unkept.forEach((point, until) -> {
                if (until.isAfter(now)) {
                    failures.collect(() -> keeping.keep(new PointLock(point, until)));
                }
            });
            failures.throwFirst();
        }
    }

    /** Brings the catalog's rows back from the repository, within the transaction that makes the catalog anew. */
    public void rebuild(Connection connection) throws SQLException {
        catalog.locks().clear(connection);
        for (PointLock lock : locks.all()) {
            catalog.locks().set(connection, lock.point(), lock.until());
            if (!isAsWritten(lock)) {
                LOG.warn("the lock {} is not as this repository wrote it; it holds all the same", lock.blobName());
            }
        }
    }

    /** Whether a lock is in force. */
    public Optional<PointLock> of(UUID point) {
        return locks.of(point);
    }

    private boolean isAsWritten(PointLock lock) {
        String name = lock.blobName();
        try {
            return blobs.size(name) == LockCodec.BYTES && codec.isOf(lock, blobs.read(name, 0, LockCodec.BYTES));
        } catch (StorageException e) {
            if (e.code().isOfOneBlob()) {
                return false;
            }
            throw e;
        }
    }

    private PointRecord requirePoint(Connection connection, UUID point) throws SQLException {
        return catalog.points()
                .hold(connection, point)
                .orElseThrow(() -> new StorageException(
                        StorageErrorCode.POINT_NOT_FOUND,
                        "There is no recovery point " + point,
                        "It may have been deleted; look at the list of points."));
    }
}
