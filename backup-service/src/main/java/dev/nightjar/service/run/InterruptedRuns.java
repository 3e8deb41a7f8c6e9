package dev.nightjar.service.run;

import java.time.Clock;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.context.ApplicationEventPublisher;
import org.springframework.context.SmartLifecycle;
import org.springframework.stereotype.Component;

/**
 * At start-up: runs that a killed process left unfinished become INTERRUPTED, before the scheduler or anybody from outside can start others,
 * which a dead run's claim would keep out.
 */
@Component
class InterruptedRuns implements SmartLifecycle {

    private static final Logger LOG = LoggerFactory.getLogger(InterruptedRuns.class);

    private final RunStore store;
    private final RunLauncher launcher;
    private final ApplicationEventPublisher events;
    private final Clock clock;
    private volatile boolean running;

    InterruptedRuns(RunStore store, RunLauncher launcher, ApplicationEventPublisher events, Clock clock) {
        this.store = store;
        this.launcher = launcher;
        this.events = events;
        this.clock = clock;
    }

    @Override
    public void start() {
        for (RunView run : store.unfinished()) {
            if (!launcher.executes(run.id())) {
                LOG.warn("run {} of {} was interrupted", run.id(), run.machineName());
                RunView interrupted = interrupted(run);
                store.save(interrupted);
                events.publishEvent(new RunEnded(interrupted));
            }
        }
        running = true;
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
                        "the service ended while the run was in phase " + run.phase(),
                        "Run it again; what was stored already is reused."),
                run.pointIds(),
                run.healedChunks());
    }
}
