package dev.nightjar.service.run;

import dev.nightjar.service.error.Failure;
import dev.nightjar.service.error.NightjarException;
import io.micrometer.core.instrument.MeterRegistry;
import jakarta.annotation.PreDestroy;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.context.ApplicationEventPublisher;
import org.springframework.http.HttpStatus;
import org.springframework.scheduling.annotation.Scheduled;
import org.springframework.stereotype.Service;

/** Starts runs, each on a virtual thread of its own, and knows those of this process. Thread-safe. */
@Service
public class RunLauncher {

    private static final Logger LOG = LoggerFactory.getLogger(RunLauncher.class);
    private static final Duration STOP_LIMIT = Duration.ofSeconds(20);

    private final Map<UUID, ActiveRun> active = new ConcurrentHashMap<>();
    private final ExecutorService threads = Executors.newThreadPerTaskExecutor(
            Thread.ofVirtual().name("run-", 0).factory());
    private final RunStore store;
    private final ApplicationEventPublisher events;
    private final MeterRegistry meters;
    private final Clock clock;

    RunLauncher(RunStore store, ApplicationEventPublisher events, MeterRegistry meters, Clock clock) {
        this.store = store;
        this.events = events;
        this.meters = meters;
        this.clock = clock;
        meters.gaugeMapSize("nightjar.runs.active", List.of(), active);
    }

    /**
     * Claims and starts a run; returns at once.
     *
     * @throws NightjarException MACHINE_BUSY or SLOT_TAKEN; nothing has begun then
     */
    public RunView submit(RunRequest request) {
        RunView created = created(request);
        ActiveRun run = new ActiveRun(created, clock);
        // Known before it is claimed, so that nobody who finds the claim takes the run for a dead one.
        active.put(created.id(), run);
        try {
            store.claim(created, request);
        } catch (RuntimeException e) {
            active.remove(created.id());
            throw e;
        }
        threads.execute(() -> execute(run, request.task()));
        return run.view();
    }

    /**
     * Asks a run to end; it does so at its next step.
     *
     * @throws NightjarException RUN_NOT_FOUND, or RUN_NOT_ACTIVE if it has ended
     */
    public RunView cancel(UUID id) {
        ActiveRun run = active.get(id);
        if (run == null) {
            throw store.find(id)
                    .map(ended -> new NightjarException(
                            HttpStatus.CONFLICT,
                            "RUN_NOT_ACTIVE",
                            "the run has ended: " + ended.state(),
                            "Nothing is to be done."))
                    .orElseGet(() -> NightjarException.notFound("RUN_NOT_FOUND", "run", id));
        }
        run.cancel();
        return run.view();
    }

    /** The run as it is now, whether it has ended or not. */
    public Optional<RunView> find(UUID id) {
        ActiveRun run = active.get(id);
        return run == null ? store.find(id) : Optional.of(run.view());
    }

    /** Whether this process executes the run. */
    public boolean executes(UUID id) {
        return active.containsKey(id);
    }

    /** Whether no run is in progress in this process. */
    public boolean isIdle() {
        return active.isEmpty();
    }

    /** The runs that have not ended. */
    List<RunView> running() {
        return active.values().stream()
                .map(ActiveRun::view)
                .filter(run -> run.state().active())
                .toList();
    }

    /** Keeps what is known of long runs, for whoever asks after a crash, and how runs ended that could not be written down then. */
    @Scheduled(fixedDelay = 5, timeUnit = TimeUnit.SECONDS)
    void keepProgress() {
        for (ActiveRun run : active.values()) {
            RunView view = run.view();
            if (view.state().active()) {
                store.saveProgress(view);
            } else {
                settle(view);
            }
        }
    }

    /** Asks all runs to end and waits for them, so that nothing is left behind at a machine. */
    @PreDestroy
    void stop() throws InterruptedException {
        active.values().forEach(ActiveRun::cancel);
        threads.shutdown();
        if (!threads.awaitTermination(STOP_LIMIT.toSeconds(), TimeUnit.SECONDS)) {
            LOG.warn("{} runs did not end within {}", active.size(), STOP_LIMIT);
            threads.shutdownNow();
        }
    }

    private RunView created(RunRequest request) {
        return new RunView(
                UUID.randomUUID(),
                request.kind(),
                request.trigger(),
                RunState.QUEUED,
                RunPhase.PREPARING,
                request.machineId(),
                request.machineName(),
                request.policyId(),
                request.target(),
                clock.instant(),
                null,
                null,
                0,
                0,
                0,
                null,
                List.of(),
                List.of(),
                null,
                List.of(),
                null);
    }

    private void execute(ActiveRun run, RunTask task) {
        RunState state = RunState.COMPLETE;
        Failure failure = null;
        try {
            run.start();
            store.saveProgress(run.view());
            task.execute(run);
        } catch (RunCancelledException e) {
            state = RunState.CANCELLED;
        } catch (Throwable e) {
            state = RunState.FAILED;
            failure = Failure.of(e);
            LOG.warn("run {} failed: {} {}", run.runId(), failure.code(), failure.message(), e);
        }
        end(run, state, failure);
    }

    private void end(ActiveRun run, RunState state, @Nullable Failure failure) {
        run.end(state, failure);
        RunView view = run.view();
        try {
            settle(view);
        } catch (RuntimeException e) {
            LOG.warn("how run {} ended could not be written down; trying again", view.id(), e);
        }
        count(view);
        publish(view);
    }

    // How a run ended is no longer anybody's to change.
    private void publish(RunView view) {
        try {
            events.publishEvent(new RunEnded(view));
        } catch (RuntimeException e) {
            LOG.error("a listener failed after the end of run {}", view.id(), e);
        }
    }

    // The run stays known here until its end is written down: until then its row says RUNNING.
    private void settle(RunView ended) {
        store.save(ended);
        active.remove(ended.id());
    }

    private void count(RunView view) {
        meters.counter(
                        "nightjar.runs.ended",
                        "kind",
                        view.kind().name(),
                        "state",
                        view.state().name())
                .increment();
        meters.counter("nightjar.runs.bytes", "kind", view.kind().name()).increment((double) view.bytesDone());
        if (view.startedAt() != null && view.finishedAt() != null) {
            meters.timer("nightjar.runs.duration", "kind", view.kind().name())
                    .record(Duration.between(view.startedAt(), view.finishedAt()));
        }
    }
}
