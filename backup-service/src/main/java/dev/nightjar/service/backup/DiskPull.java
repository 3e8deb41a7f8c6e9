package dev.nightjar.service.backup;

import dev.nightjar.service.backup.plan.PlanTotals;
import dev.nightjar.service.backup.pull.DiskRead;
import dev.nightjar.service.backup.pull.DiskStatus;
import dev.nightjar.service.run.RunDisk;
import dev.nightjar.service.source.FrozenDisk;
import dev.nightjar.service.source.FullReadReason;
import dev.nightjar.service.source.OpenExport;
import dev.nightjar.service.source.UnreadableData;
import dev.nightjar.storage.StorageErrorCode;
import dev.nightjar.storage.StorageException;
import dev.nightjar.storage.chunk.ChunkSize;
import dev.nightjar.storage.ingest.DiskDescription;
import dev.nightjar.storage.ingest.DiskIngest;
import dev.nightjar.storage.ingest.IngestProgress;
import dev.nightjar.storage.ingest.IngestSession;
import dev.nightjar.storage.point.CaptureMode;
import dev.nightjar.storage.point.PointRecord;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** One disk of a run: its export, what is to be read of it, and where it goes. Confined to one thread. */
final class DiskPull implements AutoCloseable {

    private final FrozenDisk disk;
    private final OpenExport export;
    private final DiskStatus status;
    private final DiskIngest ingest;
    private final @Nullable FullReadReason reason;
    private final PlanTotals totals = new PlanTotals();

    private DiskPull(
            FrozenDisk disk, OpenExport export, DiskStatus status, DiskIngest ingest, @Nullable FullReadReason reason) {
        this.disk = disk;
        this.export = export;
        this.status = status;
        this.ingest = ingest;
        this.reason = reason;
    }

    /** Connects to a frozen disk, decides how to read it, and begins its ingest. */
    static DiskPull open(
            FrozenDisk disk,
            DiskParent parent,
            BackedUpMachine machine,
            IngestSession session,
            ChunkSize chunkSize,
            ParentDamage damage) {
        OpenExport export = OpenExport.open(disk.export(), disk.dirtyContext(), disk.required());
        try {
            long size = export.client().export().size();
            FullReadReason reason = parent.reason(disk.reason(), export.dirtyContext() != null, size);
            DiskDescription description = new DiskDescription(machine.id(), machine.name(), disk.name(), size);
            PointRecord before = parent.point();
            if (reason == null && damage.mapIsDamaged(before)) {
                reason = FullReadReason.PARENT_DAMAGED;
            }
            DiskIngest ingest;
            try {
                ingest = session.disk(
                        description,
                        before == null ? null : before.id(),
                        reason == null ? CaptureMode.INCREMENTAL : CaptureMode.FULL);
            } catch (StorageException e) {
                if (e.code() != StorageErrorCode.POINT_NOT_FOUND) {
                    throw e;
                }
                // Somebody has just deleted it.
                reason = reason == null ? FullReadReason.PARENT_MISSING : reason;
                ingest = session.disk(description, null, CaptureMode.FULL);
            }
            DiskStatus status = new DiskStatus(export, chunkSize, reason == null, damage.doubtful(before));
            return new DiskPull(disk, export, status, ingest, reason);
        } catch (RuntimeException e) {
            export.close();
            throw e;
        }
    }

    /** Finds out how much there is to do. */
    void plan() {
        status.walk(totals);
    }

    /** Bytes that will be read, once planned. */
    long bytesToRead() {
        return totals.readBytes();
    }

    /** Reads what is planned into the ingest. */
    void read(ChunkSize chunkSize, UnreadableData onUnreadable, DiskRead.Watch watch) {
        new DiskRead(export.client(), chunkSize, onUnreadable, ingest, watch).read(status);
    }

    /** What the run did with the disk so far. */
    RunDisk report() {
        IngestProgress done = ingest.progress();
        return report(
                done.readBytes(),
                done.zeroBytes(),
                done.newBytes(),
                done.deduplicatedBytes(),
                done.storedBytes(),
                ingest.damaged().bytes(),
                null);
    }

    /** What the run did with the disk in the end. */
    RunDisk report(PointRecord point) {
        var done = point.totals();
        return report(
                done.readBytes(),
                done.zeroBytes(),
                done.newBytes(),
                done.deduplicatedBytes(),
                done.storedBytes(),
                point.damaged().bytes(),
                point.id());
    }

    @Override
    public void close() {
        export.close();
    }

    private RunDisk report(
            long read, long zero, long fresh, long deduplicated, long stored, long damaged, @Nullable UUID point) {
        return new RunDisk(
                disk.name(),
                reason == null ? RunDisk.Mode.INCREMENTAL : RunDisk.Mode.FULL,
                reason == null ? null : new RunDisk.FullReason(reason.name(), reason.message()),
                ingest.disk().sizeBytes(),
                status.allocatedBytes(),
                status.dirtyBytes(),
                read,
                zero,
                fresh,
                deduplicated,
                stored,
                damaged,
                point);
    }
}
