package dev.nightjar.service.source.qmp;

import dev.nightjar.nbd.client.NbdUri;
import dev.nightjar.service.source.FrozenDisk;
import dev.nightjar.service.source.FrozenView;
import dev.nightjar.service.source.qmp.RunNames.Kind;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A frozen view at a machine under QMP. All disks change over in one transaction; every step before and after it leaves what takes it
 * back, so that a failure anywhere leaves the machine as it was.
 */
final class QmpFrozenView implements FrozenView {

    private static final Logger LOG = LoggerFactory.getLogger(QmpFrozenView.class);

    private final QmpSession session;
    private final List<DiskFreeze> freezes;
    private final UndoStack undo = new UndoStack();
    private List<FrozenDisk> disks = List.of();
    private Instant instant = Instant.EPOCH;
    private boolean committed;

    private QmpFrozenView(QmpSession session, List<DiskFreeze> freezes) {
        this.session = session;
        this.freezes = freezes;
    }

    /** Freezes the disks, or throws and leaves nothing. */
    static QmpFrozenView open(QmpSession session, List<DiskFreeze> freezes) {
        QmpFrozenView view = new QmpFrozenView(session, freezes);
        try {
            view.freeze();
            return view;
        } catch (RuntimeException e) {
            view.close();
            throw e;
        }
    }

    @Override
    public Instant instant() {
        return instant;
    }

    @Override
    public List<FrozenDisk> disks() {
        return disks;
    }

    @Override
    public void requireIntact() {
        session.scratch().requireSpace();
        Map<String, BlockJob> jobs =
                session.machine().jobs().stream().collect(Collectors.toMap(BlockJob::id, job -> job));
        for (DiskFreeze freeze : freezes) {
            BlockJob job = jobs.get(session.names().of(Kind.BACKUP_JOB, freeze.index()));
            if (job == null || !job.alive()) {
                throw new QmpException(
                        QmpErrorCode.FROZEN_VIEW_BROKEN,
                        "The frozen view of disk '" + freeze.disk().name() + "' broke while it was read: "
                                + (job == null || job.error() == null ? "its job is over" : job.error()),
                        "Most often scratch space ran out; make space, or set a larger scratchDirectory.");
            }
        }
    }

    @Override
    public void committed() {
        committed = true;
    }

    @Override
    public void close() {
        boolean clean = undo.undo();
        if (clean && committed) {
            clean = dropPrevious();
        }
        if (!clean) {
            session.sweep(committed ? checkpoints() : Set.of());
        }
    }

    private void freeze() {
        BlockLayer machine = session.machine();
        RunNames names = session.names();
        session.scratch().prepare();
        session.scratch().requireSpace();
        NbdUri server =
                NbdServer.ready(machine, session.nbdServer(), session.scratch().nbdSocket(names), undo);
        freezes.forEach(freeze -> freeze.prepare(machine, names, session.scratch(), undo));
        List<Map<String, Object>> actions = new ArrayList<>();
        for (DiskFreeze freeze : freezes) {
            actions.addAll(freeze.actions(names, session.granularityBytes(), session.breakSnapshot()));
        }
        // Whatever the guest had written by now is in the view.
        instant = session.clock().instant();
        machine.transaction(actions);
        for (DiskFreeze freeze : freezes) {
            String node = freeze.disk().node().name();
            String checkpoint = freeze.checkpoint(names);
            undo.push("remove checkpoint " + checkpoint + " of " + node, () -> dropNew(node, checkpoint));
            String job = names.of(Kind.BACKUP_JOB, freeze.index());
            undo.push("end job " + job, () -> machine.endJob(job));
        }
        freezes.forEach(freeze -> freeze.export(machine, names, undo));
        disks = freezes.stream()
                .map(freeze -> freeze.frozen(names, server, session.granularityBytes()))
                .toList();
    }

    private Set<String> checkpoints() {
        return freezes.stream()
                .map(freeze -> freeze.checkpoint(session.names()))
                .collect(Collectors.toSet());
    }

    private void dropNew(String node, String checkpoint) {
        if (!committed) {
            session.machine().removeBitmap(node, checkpoint);
        }
    }

    private boolean dropPrevious() {
        boolean clean = true;
        for (DiskFreeze freeze : freezes) {
            DirtyBitmap retired = freeze.retired();
            if (retired != null) {
                try {
                    session.machine().removeBitmap(freeze.disk().node().name(), retired.name());
                } catch (QmpException e) {
                    LOG.warn("cannot remove checkpoint {}: {}", retired.name(), e.getMessage());
                    clean = false;
                }
            }
        }
        return clean;
    }
}
