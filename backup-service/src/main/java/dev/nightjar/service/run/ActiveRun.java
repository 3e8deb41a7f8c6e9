package dev.nightjar.service.run;

import dev.nightjar.service.error.Failure;
import dev.nightjar.storage.ingest.RunLease;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.atomic.LongAdder;
import org.jspecify.annotations.Nullable;

/** A run of this process that has not ended: what is known of it, and the context its task works in. Thread-safe. */
final class ActiveRun implements RunContext {

    private static final long EPOCH = 1;

    private final RunView created;
    private final UUID node;
    private final Clock clock;
    private final LongAdder bytesDone = new LongAdder();
    private final Map<String, RunDisk> disks = new LinkedHashMap<>();
    private final List<RunView.PhaseTime> phases = new ArrayList<>();
    private final RateMeter meter = new RateMeter(System.nanoTime());
    private volatile boolean cancelled;
    private RunState state = RunState.QUEUED;
    private RunPhase phase = RunPhase.PREPARING;
    private @Nullable Instant startedAt;
    private @Nullable Instant finishedAt;
    private @Nullable Instant phaseStartedAt;
    private RunView.@Nullable RunError error;
    private long bytesTotal;
    private List<UUID> pointIds = List.of();
    private final List<HealedFrom> healed = new ArrayList<>();

    /** A run that this process executes as that node. */
    ActiveRun(RunView created, UUID node, Clock clock) {
        this.created = created;
        this.node = node;
        this.clock = clock;
    }

    @Override
    public UUID runId() {
        return created.id();
    }

    @Override
    public RunLease lease() {
        return new RunLease(created.id(), EPOCH);
    }

    /** The node that it belongs to, whatever this process is called by now. */
    UUID node() {
        return node;
    }

    synchronized void start() {
        state = RunState.RUNNING;
        startedAt = clock.instant();
        phaseStartedAt = startedAt;
    }

    @Override
    public synchronized void enter(RunPhase next) {
        endPhase();
        phase = next;
        phaseStartedAt = clock.instant();
    }

    @Override
    public synchronized void totals(long total) {
        bytesTotal = total;
    }

    @Override
    public void advance(long bytes) {
        bytesDone.add(bytes);
    }

    @Override
    public synchronized void disk(RunDisk disk) {
        disks.put(disk.name(), disk);
    }

    @Override
    public synchronized void points(List<UUID> ids) {
        pointIds = List.copyOf(ids);
    }

    @Override
    public synchronized void healed(HealedFrom from) {
        if (from.chunks() > 0) {
            healed.add(from);
        }
    }

    @Override
    public void checkCancelled() {
        if (cancelled) {
            throw new RunCancelledException();
        }
    }

    void cancel() {
        cancelled = true;
    }

    synchronized void end(RunState end, @Nullable Failure failure) {
        endPhase();
        state = end;
        phase = RunPhase.DONE;
        finishedAt = clock.instant();
        phaseStartedAt = null;
        if (failure != null) {
            error = new RunView.RunError(failure.code(), failure.message(), failure.hint());
        }
    }

    /** The run at this moment. */
    synchronized RunView view() {
        long done = bytesDone.sum();
        long rate = state == RunState.RUNNING ? meter.update(System.nanoTime(), done) : averageRate(done);
        List<RunView.PhaseTime> times = new ArrayList<>(phases);
        if (phaseStartedAt != null) {
            times.add(phaseTime(phaseStartedAt));
        }
        return new RunView(
                created.id(),
                created.kind(),
                created.trigger(),
                state,
                phase,
                created.machineId(),
                created.machineName(),
                created.policyId(),
                created.target(),
                created.createdAt(),
                startedAt,
                finishedAt,
                bytesTotal,
                done,
                rate,
                eta(done, rate),
                List.copyOf(disks.values()),
                times,
                error,
                pointIds,
                healed,
                created.node());
    }

    private void endPhase() {
        if (phaseStartedAt != null) {
            phases.add(phaseTime(phaseStartedAt));
        }
    }

    private RunView.PhaseTime phaseTime(Instant since) {
        return new RunView.PhaseTime(
                phase, Duration.between(since, clock.instant()).toMillis());
    }

    private long averageRate(long done) {
        if (startedAt == null || finishedAt == null) {
            return 0;
        }
        long millis = Math.max(1, Duration.between(startedAt, finishedAt).toMillis());
        return Math.round(done * 1000.0 / millis);
    }

    private @Nullable Long eta(long done, long rate) {
        boolean known = state == RunState.RUNNING && bytesTotal > 0 && rate > 0 && done <= bytesTotal;
        return known ? Long.valueOf((bytesTotal - done) / rate) : null;
    }
}
