package dev.nightjar.service.source.qmp;

import dev.nightjar.service.source.FrozenView;
import dev.nightjar.service.source.FullReadReason;
import dev.nightjar.service.source.PreviousCheckpoint;
import dev.nightjar.service.source.SourceDisk;
import dev.nightjar.service.source.SourceRun;
import dev.nightjar.service.source.SourceSession;
import dev.nightjar.service.source.SourceSpec.QmpSource;
import dev.nightjar.storage.point.Checkpoint;
import java.nio.file.Path;
import java.time.Clock;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A machine under QMP, connected for one run. Confined to one thread. */
final class QmpSession implements SourceSession {

    private static final Logger LOG = LoggerFactory.getLogger(QmpSession.class);

    private final QmpSource source;
    private final SourceRun run;
    private final Scratch scratch;
    private final RunNames names;
    private final ActiveRuns active;
    private final Clock clock;
    private final BlockLayer machine;
    private final boolean breakSnapshot;
    private final List<MachineDisk> disks;
    private final Set<String> orphanedNodes;

    private QmpSession(
            QmpSource source,
            SourceRun run,
            Scratch scratch,
            ActiveRuns active,
            Clock clock,
            QmpConnection connection) {
        this.source = source;
        this.run = run;
        this.scratch = scratch;
        this.names = RunNames.of(run);
        this.active = active;
        this.clock = clock;
        this.machine = new BlockLayer(connection);
        QmpSchema schema = QmpSchema.of(connection);
        requireSupport(schema);
        NbdServer.requireKnown(machine, source.nbdServer());
        this.breakSnapshot = schema.has("blockdev-backup", "on-cbw-error");
        this.orphanedNodes = new Leftovers(machine, names, active).remove(scratch, run.checkpoints());
        this.disks = DiskDiscovery.find(machine, source.disks());
    }

    /**
     * Connects, cleans up after runs that are over, and finds the disks.
     *
     * @param defaultScratch where overlays go if the source does not say
     */
    static QmpSession open(QmpSource source, SourceRun run, Path defaultScratch, ActiveRuns active, Clock clock) {
        Path directory = source.scratchDirectory() == null ? defaultScratch : Path.of(source.scratchDirectory());
        Scratch scratch = Scratch.of(directory, run);
        String tag = RunNames.of(run).tag();
        active.begin(tag);
        QmpConnection connection = null;
        try {
            connection = QmpConnection.open(Path.of(source.socket()), QmpLimits.DEFAULTS);
            return new QmpSession(source, run, scratch, active, clock, connection);
        } catch (RuntimeException e) {
            active.end(tag);
            if (connection != null) {
                connection.close();
            }
            throw e;
        }
    }

    @Override
    public List<SourceDisk> disks() {
        return disks.stream()
                .map(disk -> new SourceDisk(
                        disk.name(), orphanedNodes.contains(disk.node().name())))
                .toList();
    }

    @Override
    public FrozenView freeze(Map<String, PreviousCheckpoint> previous) {
        List<DiskFreeze> freezes = new ArrayList<>();
        for (MachineDisk disk : disks) {
            freezes.add(freeze(disk, freezes.size(), previous.get(disk.name())));
        }
        return QmpFrozenView.open(this, freezes);
    }

    @Override
    public void close() {
        machine.connection().close();
        active.end(names.tag());
    }

    BlockLayer machine() {
        return machine;
    }

    RunNames names() {
        return names;
    }

    Scratch scratch() {
        return scratch;
    }

    Clock clock() {
        return clock;
    }

    @Nullable
    String nbdServer() {
        return source.nbdServer();
    }

    int granularityBytes() {
        return run.chunkBytes();
    }

    /** Whether this QEMU can be told to break the view rather than the guest's write. */
    boolean breakSnapshot() {
        return breakSnapshot;
    }

    /**
     * Tidying up did not work over this session's connection: tries once more over a new one.
     *
     * @param newCheckpoints names of the checkpoints that count since this run
     */
    void sweep(Set<String> newCheckpoints) {
        machine.connection().close();
        active.end(names.tag());
        Set<String> keep = new HashSet<>(run.checkpoints());
        keep.addAll(newCheckpoints);
        try (QmpConnection again = QmpConnection.open(Path.of(source.socket()), QmpLimits.DEFAULTS)) {
            new Leftovers(new BlockLayer(again), names, active).remove(scratch, keep);
        } catch (QmpException e) {
            LOG.warn(
                    "what run {} left at {} stays until the next run: {}",
                    run.runId(),
                    source.socket(),
                    e.getMessage());
        }
    }

    private static DiskFreeze freeze(MachineDisk disk, int index, @Nullable PreviousCheckpoint previous) {
        if (previous == null) {
            return new DiskFreeze(disk, index, null, null, null);
        }
        Checkpoint checkpoint = previous.checkpoint();
        DirtyBitmap retired = disk.node().bitmap(checkpoint.name());
        if (!previous.wanted()) {
            return new DiskFreeze(disk, index, null, null, retired);
        }
        FullReadReason doubt = CheckpointCheck.doubt(disk.node(), checkpoint);
        return new DiskFreeze(disk, index, doubt == null ? checkpoint : null, doubt, retired);
    }

    /** Refuses a QEMU that lacks what a frozen view is made of. */
    static void requireSupport(QmpSchema schema) {
        // Bitmaps of another node in an export came last, with QEMU 7.1.
        for (String command : List.of("blockdev-create", "blockdev-backup", "block-export-add", "transaction")) {
            if (!schema.has(command)) {
                throw new QmpException(
                        QmpErrorCode.QMP_UNSUPPORTED,
                        "This QEMU has no " + command,
                        "Nightjar needs QEMU 8.2 or newer.");
            }
        }
    }
}
