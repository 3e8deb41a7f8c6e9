package dev.nightjar.storage.copy;

import dev.nightjar.storage.StorageErrorCode;
import dev.nightjar.storage.StorageException;
import dev.nightjar.storage.ingest.DiskDescription;
import dev.nightjar.storage.ingest.DiskIngest;
import dev.nightjar.storage.ingest.IngestSession;
import dev.nightjar.storage.ingest.RunLease;
import dev.nightjar.storage.point.CaptureMode;
import dev.nightjar.storage.point.DamagedRanges;
import dev.nightjar.storage.point.PointRecord;
import dev.nightjar.storage.repository.DeadRun;
import dev.nightjar.storage.repository.Repository;
import dev.nightjar.storage.scrub.DamagedPoint;
import dev.nightjar.storage.scrub.Reach;
import java.util.HashSet;
import java.util.Set;
import java.util.UUID;
import javax.sql.DataSource;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Heals what is damaged in one repository from copies of its points in another, which may have other keys and another chunk size. Used by one thread.
 *
 * <p>What damage reaches of a point is read from its copy and goes the way of a backup, but makes no point: content that has the id of a damaged chunk is stored anew, and every point that
 * needs it is whole again. A copy that has anything else at that place heals nothing and harms nothing. Where the copy is damaged too, the rest of it still heals.
 */
public final class CopyHealing {

    private static final Logger LOG = LoggerFactory.getLogger(CopyHealing.class);

    private final Repository damaged;
    private final Repository copies;

    /** Heals {@code damaged} from {@code copies}, the same points in either direction. */
    public CopyHealing(Repository damaged, Repository copies) {
        this.damaged = damaged;
        this.copies = copies;
    }

    /**
     * Heals what it can; blocks. Returns how many chunks and map nodes can be read again.
     *
     * @param runId a run that has not healed from these copies before; it may heal from others
     * @param step told between pieces; what it throws ends the healing
     * @throws StorageException what keeps either repository from being used; what was healed until then stays so
     */
    public long run(UUID runId, Runnable step) {
        Set<UUID> copied = new HashSet<>();
        copies.points().forEach(point -> copied.add(point.id()));
        Attempts attempts = new Attempts(runId, step);
        long before = damaged.damagedChunks();
        try {
            // The reach is asked for again before each: what healed for one point has healed for all.
            for (DamagedPoint point : damaged.damage(DamagedRanges.MAX_RANGES).points()) {
                if (copied.contains(point.point().id())) {
                    attempts.heal(point.point());
                }
            }
        } finally {
            copies.unprotect(attempts.holder);
        }
        return Math.max(0, before - damaged.damagedChunks());
    }

    /**
     * Shuts out a healing that is known to be dead from both repositories, as {@link DeadRun#bar} does with other runs; needs the database only.
     *
     * @throws StorageException CATALOG_UNAVAILABLE; its leases may hold then
     */
    public static void bar(DataSource database, UUID runId, UUID damaged, UUID copies) {
        DeadRun.bar(database, CopyLeases.healing(runId, damaged, copies));
        DeadRun.bar(database, CopyLeases.reading(runId, damaged, copies));
    }

    /** Lets go of what a run holds in both repositories that is known to be dead. */
    public void end(UUID runId) {
        damaged.endRun(lease(runId));
        copies.unprotect(holder(runId));
    }

    private UUID lease(UUID runId) {
        return CopyLeases.healing(
                runId, damaged.config().repositoryId(), copies.config().repositoryId());
    }

    private UUID holder(UUID runId) {
        return CopyLeases.reading(
                runId, damaged.config().repositoryId(), copies.config().repositoryId());
    }

    /** What one run does; each attempt begins a higher epoch of its lease. */
    private final class Attempts {

        private final UUID lease;
        private final UUID holder;
        private final Runnable step;
        private long epoch;

        Attempts(UUID runId, Runnable step) {
            this.lease = lease(runId);
            this.holder = holder(runId);
            this.step = step;
        }

        void heal(PointRecord point) {
            try {
                PointRecord copy = copies.protect(holder, point.id());
                if (!attempt(point, new CopyPieces.InOneGo(copies.reader(copy), damaged.config()))) {
                    copies.requireStored();
                    attempt(point, new CopyPieces.OneByOne(copies.reader(copy), damaged.config()));
                }
            } catch (StorageException e) {
                if (e.code() != StorageErrorCode.POINT_NOT_FOUND) {
                    throw e;
                }
                LOG.info("point {}, or its copy, was deleted meanwhile", point.id());
            }
        }

        /** Returns whether the copy could be read. */
        private boolean attempt(PointRecord point, CopyPieces pieces) {
            Reach reach = damaged.damageOf(point, DamagedRanges.MAX_RANGES);
            if (reach.isEmpty()) {
                return true;
            }
            try (IngestSession session = damaged.beginIngest(new RunLease(lease, ++epoch))) {
                DiskDescription disk = new DiskDescription(
                        point.machineId(), point.machineName(), point.diskName(), point.sizeBytes());
                // A map of which nodes are lost is made anew from the whole disk, and is the same map.
                DiskIngest ingest = reach.map()
                        ? session.disk(disk, null, CaptureMode.FULL)
                        : session.disk(disk, point.id(), CaptureMode.INCREMENTAL);
                boolean read = pieces.feed(reach, ingest, step);
                if (read) {
                    session.store();
                }
                return read;
            }
        }
    }
}
