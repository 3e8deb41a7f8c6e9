package dev.nightjar.storage.copy;

import dev.nightjar.storage.StorageErrorCode;
import dev.nightjar.storage.StorageException;
import dev.nightjar.storage.ingest.RunLease;
import dev.nightjar.storage.point.PointRecord;
import dev.nightjar.storage.repository.DeadRun;
import dev.nightjar.storage.repository.Repository;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Collectors;
import javax.sql.DataSource;

/**
 * Copies points from one open repository to another one. Thread-safe; of two that copy the same point at a time one ends with INGEST_FAILED. The repositories stay the caller's, and
 * both may back up, restore and reclaim meanwhile.
 *
 * <p>A copy has its original's id and facts. Where the target has a point of the same disk that the source still has too, only the difference to it is read; what the target has of
 * that is not written. Every chunk is checked against its id in the source when it is read, and against the same id once more when it is read back from the target, before the copy
 * counts. Points are copied one by one, the oldest first: whatever ends a copy, the points before stay, and what was stored of the one under way is not stored again.
 */
public final class PointCopy {

    private final Repository source;
    private final Repository target;

    /**
     * @throws StorageException INVALID_ARGUMENT if both are the same repository
     */
    public PointCopy(Repository source, Repository target) {
        if (source.config().repositoryId().equals(target.config().repositoryId())) {
            throw new StorageException(
                    StorageErrorCode.INVALID_ARGUMENT,
                    "The points of " + source.location() + " cannot be copied to " + target.location()
                            + ": they are the same repository",
                    "Name another repository.");
        }
        this.source = source;
        this.target = target;
    }

    /** The points that the target lacks, oldest first. */
    public List<PointRecord> missing() {
        Set<UUID> present = present();
        return source.points().stream()
                .filter(point -> !present.contains(point.id()))
                .toList();
    }

    /**
     * Copies points; blocks. A point that is damaged or cannot be read in the source, or is gone, is reported and does not keep the others from being copied.
     *
     * @param runId a run that has neither copied nor written anything before
     * @param points which; those that the target has are passed over
     * @throws StorageException what keeps any point from being copied: REPOSITORY_LOCKED, CATALOG_NEEDS_REBUILD, CATALOG_UNAVAILABLE, LEASE_LOST, REPOSITORY_FULL,
     *     REPOSITORY_NOT_FOUND, STORE_UNAVAILABLE, INTERRUPTED, …
     */
    public CopyReport copy(UUID runId, Collection<UUID> points, CopyListener listener) {
        source.requireUnlocked();
        target.requireUnlocked();
        Set<UUID> wanted = new HashSet<>(points);
        List<PointRecord> missing =
                missing().stream().filter(point -> wanted.contains(point.id())).toList();
        List<CopiedPoint> copied = new ArrayList<>();
        List<FailedCopy> failed = gone(wanted);
        int present = wanted.size() - missing.size() - failed.size();
        try {
            for (int i = 0; i < missing.size(); i++) {
                PointRecord point = missing.get(i);
                RunLease lease = new RunLease(leaseOf(runId), i + 1L);
                CopyMeter meter = new CopyMeter(listener, point, i + 1, missing.size(), copied);
                try {
                    copied.add(new OneCopy(source, target, runId).copy(point, lease, meter));
                } catch (StorageException e) {
                    failed.add(failed(point, e));
                }
            }
        } finally {
            source.unprotect(runId);
        }
        return new CopyReport(copied, present, failed);
    }

    /**
     * Shuts out a copy that is known to be dead from a target, as {@link DeadRun#bar} does with the run itself, which holds the source; needs the database only. What it left incomplete there goes by
     * {@link #end}, or when the target is opened.
     *
     * @throws StorageException CATALOG_UNAVAILABLE; its lease may hold then
     */
    public static void bar(DataSource database, UUID runId, UUID target) {
        DeadRun.bar(database, CopyLeases.copying(runId, target));
    }

    /** Lets go of what a run holds in both repositories that is known to be dead. */
    public void end(UUID runId) {
        source.unprotect(runId);
        target.endRun(leaseOf(runId));
    }

    private UUID leaseOf(UUID runId) {
        return CopyLeases.copying(runId, target.config().repositoryId());
    }

    private Set<UUID> present() {
        return target.points().stream().map(PointRecord::id).collect(Collectors.toSet());
    }

    private List<FailedCopy> gone(Set<UUID> wanted) {
        Set<UUID> known = present();
        source.points().forEach(point -> known.add(point.id()));
        return wanted.stream()
                .filter(id -> !known.contains(id))
                .map(id -> new FailedCopy(
                        id,
                        StorageErrorCode.POINT_NOT_FOUND,
                        "There is no recovery point " + id,
                        "It may have been deleted; look at the list of points."))
                .collect(Collectors.toCollection(ArrayList::new));
    }

    /** What is wrong with one point is reported; what is wrong with a repository ends the copy. */
    private FailedCopy failed(PointRecord point, StorageException e) {
        if (e.code().isOfOneBlob()) {
            source.requireStored();
            target.requireStored();
        } else {
            requireOfOnePoint(e);
        }
        return new FailedCopy(point.id(), e.code(), String.valueOf(e.getMessage()), e.hint());
    }

    private static void requireOfOnePoint(StorageException e) {
        switch (e.code()) {
            case BLOB_RETAINED,
                    FORMAT_UNSUPPORTED,
                    CHUNK_NOT_FOUND,
                    POINT_NOT_FOUND,
                    PACK_NOT_LIVE,
                    COPY_NOT_IDENTICAL -> {
                // The next one may be copied all the same.
            }
            default -> throw e;
        }
    }
}
