package dev.nightjar.service.run;

import dev.nightjar.storage.StorageException;
import dev.nightjar.storage.repository.DeadRun;
import java.time.Clock;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;
import javax.sql.DataSource;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.context.ApplicationEventPublisher;
import org.springframework.context.SmartLifecycle;
import org.springframework.scheduling.annotation.Scheduled;
import org.springframework.stereotype.Component;

/**
 * Runs of nodes that have ended become INTERRUPTED: at start-up, before the scheduler or anybody from outside can start others, which a dead run's claim would keep
 * out; and when a node is taken for dead. In this order: first the run is kept from committing, wherever it still is, then it is called interrupted. Of several nodes
 * that find it one publishes its end, each on a thread of its own.
 */
@Component
class InterruptedRuns implements SmartLifecycle {

    private static final Logger LOG = LoggerFactory.getLogger(InterruptedRuns.class);

    private final RunStore store;
    private final DataSource database;
    private final ApplicationEventPublisher events;
    private final Clock clock;
    private final ReentrantLock interrupting = new ReentrantLock();
    private volatile boolean running;

    InterruptedRuns(RunStore store, DataSource database, ApplicationEventPublisher events, Clock clock) {
        this.store = store;
        this.database = database;
        this.events = events;
        this.clock = clock;
    }

    @Override
    public void start() {
        running = true;
        interrupting.lock();
        try {
            interrupt();
        } finally {
            interrupting.unlock();
        }
    }

    /** Looks for runs of nodes that have ended, unless the look before still goes on: a commit that is under way is waited for. */
    @Scheduled(fixedRate = 2, timeUnit = TimeUnit.SECONDS)
    void interruptMore() {
        if (interrupting.tryLock()) {
            try {
                interrupt();
            } finally {
                interrupting.unlock();
            }
        }
    }

    private void interrupt() {
        store.orphans().forEach(this::interrupt);
    }

    private void interrupt(RunView run) {
        try {
            DeadRun.bar(database, run.id());
        } catch (StorageException e) {
            LOG.warn("run {} of a dead node stays as it is for now: {}", run.id(), e.getMessage());
            return;
        }
        RunView interrupted = interrupted(run);
        if (store.end(interrupted)) {
            LOG.warn("run {} of {} on node {} was interrupted", run.id(), run.machineName(), run.node());
            // Whoever hears of it may wait minutes for a store; starting up, and the other ends, do not.
            Thread.ofVirtual().name("tidy-up " + run.id()).start(() -> tell(interrupted));
        }
    }

    private void tell(RunView interrupted) {
        try {
            events.publishEvent(new RunEnded(interrupted));
        } catch (RuntimeException e) {
            LOG.error("not everybody was told of the end of run {}", interrupted.id(), e);
        }
    }

    @Override
    public void stop() {
        running = false;
    }

    @Override
    public boolean isRunning() {
        return running;
    }

    /** Earlier than the scheduler and the web server, which start in the last phases. */
    @Override
    public int getPhase() {
        return 0;
    }

    private static String nodeOf(RunView run) {
        return run.node() == null ? "its host" : run.node();
    }

    private RunView interrupted(RunView run) {
        return new RunView(
                run.id(),
                run.kind(),
                run.trigger(),
                RunState.INTERRUPTED,
                RunPhase.DONE,
                run.machineId(),
                run.machineName(),
                run.policyId(),
                run.target(),
                run.createdAt(),
                run.startedAt(),
                clock.instant(),
                run.bytesTotal(),
                run.bytesDone(),
                0,
                null,
                run.disks(),
                run.phases(),
                new RunView.RunError(
                        "INTERRUPTED",
                        "the service on " + nodeOf(run) + " ended while the run was in phase " + run.phase(),
                        "Run it again; what was stored already is reused."),
                run.pointIds(),
                run.healed(),
                run.node());
    }
}
