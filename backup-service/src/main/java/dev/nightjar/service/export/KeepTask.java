package dev.nightjar.service.export;

import dev.nightjar.service.export.disk.OverlaidPoint;
import dev.nightjar.service.repository.RepositoryProvider;
import dev.nightjar.service.run.RunContext;
import dev.nightjar.service.run.RunDisk;
import dev.nightjar.service.run.RunPhase;
import dev.nightjar.service.run.RunTask;
import dev.nightjar.storage.StorageErrorCode;
import dev.nightjar.storage.StorageException;
import dev.nightjar.storage.ingest.CommittedSet;
import dev.nightjar.storage.ingest.DiskDescription;
import dev.nightjar.storage.ingest.DiskIngest;
import dev.nightjar.storage.ingest.IngestProgress;
import dev.nightjar.storage.ingest.IngestSession;
import dev.nightjar.storage.ingest.PointFacts;
import dev.nightjar.storage.overlay.Overlay;
import dev.nightjar.storage.point.CaptureMode;
import dev.nightjar.storage.point.PointRecord;
import dev.nightjar.storage.repository.Repository;
import java.time.Clock;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * Makes a recovery point of an export: an increment on the point that it shows, for which only what was written is read. If that point is gone, everything is read, and only what is
 * new is stored. The point goes to the repository that the other one is in. Nobody writes to the export meanwhile.
 */
final class KeepTask implements RunTask {

    private final OpenExport export;
    private final Overlay overlay;
    private final RepositoryProvider repositories;
    private final Clock clock;

    KeepTask(OpenExport export, RepositoryProvider repositories, Clock clock) {
        this.export = export;
        this.overlay = Objects.requireNonNull(export.overlay(), "only what can be written can be kept");
        this.repositories = repositories;
        this.clock = clock;
    }

    @Override
    public void execute(RunContext context) {
        context.enter(RunPhase.READING);
        Repository repository = repositories.getOrPrimary(export.facts().repositoryId());
        try (IngestSession session = repository.beginIngest(context.lease())) {
            DiskIngest ingest = begin(session);
            boolean increment = ingest.mode() == CaptureMode.INCREMENTAL;
            context.totals(
                    increment ? overlay.usedBytes() : export.facts().content().sizeBytes());
            new OverlayIngest(
                            new OverlaidPoint(export.point(), overlay),
                            ingest,
                            repository.config().chunkSize(),
                            context)
                    .run();
            context.disk(report(ingest, null));
            context.checkCancelled();
            context.enter(RunPhase.COMMITTING);
            CommittedSet set =
                    session.commit(new PointFacts(UUID.randomUUID(), clock.instant(), PointRecord.KEPT, Map.of()));
            List<UUID> points = set.points().stream().map(PointRecord::id).toList();
            context.disk(report(ingest, points.getFirst()));
            context.points(points);
        }
    }

    private DiskIngest begin(IngestSession session) {
        ServedDiskFacts facts = export.facts();
        DiskDescription disk = new DiskDescription(
                facts.machineId(),
                facts.machineName(),
                facts.diskName(),
                facts.content().sizeBytes());
        try {
            return session.disk(disk, facts.pointId());
        } catch (StorageException e) {
            if (e.code() != StorageErrorCode.POINT_NOT_FOUND) {
                throw e;
            }
            return session.disk(disk, null);
        }
    }

    private RunDisk report(DiskIngest ingest, @Nullable UUID point) {
        IngestProgress done = ingest.progress();
        boolean increment = ingest.mode() == CaptureMode.INCREMENTAL;
        return new RunDisk(
                ingest.disk().diskName(),
                increment ? RunDisk.Mode.INCREMENTAL : RunDisk.Mode.FULL,
                increment
                        ? null
                        : new RunDisk.FullReason("PARENT_MISSING", "the point that the export shows was deleted"),
                ingest.disk().sizeBytes(),
                ingest.disk().sizeBytes(),
                overlay.usedBytes(),
                done.readBytes(),
                done.zeroBytes(),
                done.newBytes(),
                done.deduplicatedBytes(),
                done.storedBytes(),
                ingest.damaged().bytes(),
                point);
    }
}
