package dev.nightjar.service.backup;

import dev.nightjar.nbd.client.NbdException;
import dev.nightjar.service.run.HealedFrom;
import dev.nightjar.service.run.RunContext;
import dev.nightjar.service.run.RunPhase;
import dev.nightjar.service.run.RunTask;
import dev.nightjar.service.source.FrozenDisk;
import dev.nightjar.service.source.FrozenView;
import dev.nightjar.service.source.PreviousCheckpoint;
import dev.nightjar.service.source.SourceDisk;
import dev.nightjar.service.source.SourceRun;
import dev.nightjar.service.source.SourceSession;
import dev.nightjar.service.source.Sources;
import dev.nightjar.storage.chunk.ChunkSize;
import dev.nightjar.storage.ingest.CommittedSet;
import dev.nightjar.storage.ingest.IngestSession;
import dev.nightjar.storage.ingest.PointFacts;
import dev.nightjar.storage.point.Checkpoint;
import dev.nightjar.storage.point.PointRecord;
import dev.nightjar.storage.repository.Repository;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.UUID;
import java.util.function.Supplier;

/**
 * Backs a machine up: a frozen view of all its disks, read into one set of recovery points. The order is that of the design: points
 * first, then the checkpoints change over. Whatever ends the run before the commit leaves the machine and its last points as they
 * were.
 */
final class BackupTask implements RunTask {

    private static final String CRASH_CONSISTENT = "CRASH";

    private final BackedUpMachine machine;
    private final BackupRequest request;
    private final Supplier<Repository> repositories;
    private final Sources sources;

    BackupTask(BackedUpMachine machine, BackupRequest request, Supplier<Repository> repositories, Sources sources) {
        this.machine = machine;
        this.request = request;
        this.repositories = repositories;
        this.sources = sources;
    }

    @Override
    public void execute(RunContext context) {
        context.enter(RunPhase.PREPARING);
        Repository repository = repositories.get();
        // The ingest comes first: a repository that cannot take anything must not cost the machine a frozen view, nor
        // its checkpoints.
        try (IngestSession ingest = repository.beginIngest(context.lease())) {
            PointHistory history = new PointHistory(repository.points());
            ChunkSize chunkSize = repository.config().chunkSize();
            SourceRun run = new SourceRun(
                    repository.config().repositoryId(),
                    context.runId(),
                    machine.id(),
                    chunkSize.bytes(),
                    history.checkpointsInUse());
            try (SourceSession session = sources.open(machine.source(), run)) {
                Map<String, DiskParent> parents = new LinkedHashMap<>();
                for (SourceDisk disk : session.disks()) {
                    parents.put(disk.name(), DiskParent.of(disk, machine, request, history, chunkSize));
                }
                context.checkCancelled();
                context.enter(RunPhase.FREEZING);
                FrozenView view = session.freeze(previous(parents));
                try {
                    backUp(context, view, parents, ingest, repository, history.after(machine.id(), view.instant()));
                } finally {
                    context.enter(RunPhase.CLEANING);
                    view.close();
                }
            }
        }
    }

    private void backUp(
            RunContext context,
            FrozenView view,
            Map<String, DiskParent> parents,
            IngestSession ingest,
            Repository repository,
            Instant instant) {
        context.enter(RunPhase.READING);
        ChunkSize chunkSize = repository.config().chunkSize();
        ParentDamage damage = new ParentDamage(repository);
        List<DiskPull> pulls = new ArrayList<>();
        try {
            for (FrozenDisk disk : view.disks()) {
                DiskParent parent = Objects.requireNonNull(parents.get(disk.name()), disk.name());
                pulls.add(DiskPull.open(disk, parent, machine, ingest, chunkSize, damage));
            }
            long total = 0;
            for (DiskPull pull : pulls) {
                context.checkCancelled();
                pull.plan();
                total += pull.bytesToRead();
                context.disk(pull.report());
            }
            context.totals(total);
            for (DiskPull pull : pulls) {
                pull.read(chunkSize, request.onUnreadable(), new RunWatch(context, view, pull));
                context.disk(pull.report());
            }
            // The bytes count only if the view was whole until the last of them was read.
            view.requireIntact();
            context.checkCancelled();
        } catch (NbdException e) {
            throw explained(e, view);
        } finally {
            pulls.forEach(DiskPull::close);
        }
        context.enter(RunPhase.COMMITTING);
        CommittedSet set = ingest.commit(facts(view, instant));
        view.committed();
        context.healed(new HealedFrom(HealedFrom.Origin.SOURCE, null, ingest.healedChunks()));
        for (int i = 0; i < pulls.size(); i++) {
            context.disk(pulls.get(i).report(set.points().get(i)));
        }
        context.points(set.points().stream().map(PointRecord::id).toList());
    }

    private static Map<String, PreviousCheckpoint> previous(Map<String, DiskParent> parents) {
        Map<String, PreviousCheckpoint> previous = new HashMap<>();
        parents.forEach((disk, parent) -> {
            PointRecord point = parent.point();
            if (point != null && point.checkpoint() != null) {
                previous.put(disk, new PreviousCheckpoint(point.checkpoint(), parent.reason() == null));
            }
        });
        return previous;
    }

    private static PointFacts facts(FrozenView view, Instant instant) {
        Map<String, Checkpoint> checkpoints = new HashMap<>();
        for (FrozenDisk disk : view.disks()) {
            if (disk.checkpoint() != null) {
                checkpoints.put(disk.name(), disk.checkpoint());
            }
        }
        return new PointFacts(UUID.randomUUID(), instant, CRASH_CONSISTENT, checkpoints);
    }

    // A broken view shows as a failed read first; what broke it is the better answer.
    private static RuntimeException explained(NbdException failed, FrozenView view) {
        try {
            view.requireIntact();
            return failed;
        } catch (RuntimeException e) {
            e.addSuppressed(failed);
            return e;
        }
    }
}
