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
import dev.nightjar.storage.recover.RecoveryPointReader;
import dev.nightjar.storage.repository.Repository;
import dev.nightjar.storage.scrub.DamagedPoint;
import dev.nightjar.storage.scrub.Reach;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.HashSet;
import java.util.Set;
import java.util.UUID;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Heals what is damaged in one repository from copies of its points in another, which may have other keys and another chunk size. Used by one thread.
 *
 * <p>What damage reaches of a point is read from its copy and goes the way of a backup, but makes no point: content that has the id of a damaged chunk is stored anew, and every point that
 * needs it is whole again. A copy that has anything else at that place heals nothing and harms nothing.
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
     * @param runId a run that has written nothing before
     * @throws StorageException what keeps either repository from being used; what was healed until then stays so
     */
    public long run(UUID runId) {
        Set<UUID> copied = new HashSet<>();
        copies.points().forEach(point -> copied.add(point.id()));
        long healed = 0;
        long epoch = 0;
        // The reach is asked for again before each: what healed for one point has healed for all.
        for (DamagedPoint point : damaged.damage(DamagedRanges.MAX_RANGES).points()) {
            PointRecord record = point.point();
            Reach reach = damaged.damageOf(record, DamagedRanges.MAX_RANGES);
            if (!reach.isEmpty() && copied.contains(record.id())) {
                healed += heal(record, reach, new RunLease(runId, ++epoch));
            }
        }
        return healed;
    }

    private long heal(PointRecord point, Reach reach, RunLease lease) {
        try (IngestSession session = damaged.beginIngest(lease)) {
            DiskDescription disk =
                    new DiskDescription(point.machineId(), point.machineName(), point.diskName(), point.sizeBytes());
            // A map of which nodes are lost is made anew from the whole disk, and is the same map.
            DiskIngest ingest = reach.map()
                    ? session.disk(disk, null, CaptureMode.FULL)
                    : session.disk(disk, point.id(), CaptureMode.INCREMENTAL);
            feed(copies.reader(point.id()), reach, ingest);
            session.store();
            return session.healedChunks();
        } catch (StorageException e) {
            if (e.code() != StorageErrorCode.POINT_NOT_FOUND && e.code() != StorageErrorCode.DATA_DAMAGED) {
                throw e;
            }
            LOG.warn("point {} does not heal from its copy in {}", point.id(), copies.location(), e);
            return 0;
        }
    }

    private void feed(RecoveryPointReader copy, Reach reach, DiskIngest ingest) {
        WholeChunks sink = new WholeChunks(ingest, damaged.config().chunkSize().bytes(), copy.size());
        try {
            if (reach.map()) {
                copy.regions(0, copy.size(), sink);
            } else {
                for (DamagedRanges.Range range : reach.covering().ranges()) {
                    copy.regions(range.offset(), range.length(), sink);
                }
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
