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
        store.claim(created, request);
        ActiveRun run = new ActiveRun(created, clock);
        active.put(created.id(), run);
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

    /** The runs that have not ended. */
    List<RunView> running() {
        return active.values().stream().map(ActiveRun::view).toList();
    }

    /** Keeps what is known of long runs, for whoever asks after a crash. */
    @Scheduled(fixedDelay = 5, timeUnit = TimeUnit.SECONDS)
    void keepProgress() {
        running().forEach(store::save);
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
                List.of());
    }

    private void execute(ActiveRun run, RunTask task) {
        run.start();
        store.save(run.view());
        try {
            task.execute(run);
            end(run, RunState.COMPLETE, null);
        } catch (RunCancelledException e) {
            end(run, RunState.CANCELLED, null);
        } catch (Throwable e) {
            Failure failure = Failure.of(e);
            LOG.warn("run {} failed: {} {}", run.runId(), failure.code(), failure.message(), e);
            end(run, RunState.FAILED, failure);
        }
    }

    private void end(ActiveRun run, RunState state, @Nullable Failure failure) {
        run.end(state, failure);
        RunView view = run.view();
        try {
            store.save(view);
        } finally {
            active.remove(run.runId());
            count(view);
            events.publishEvent(new RunEnded(view));
        }
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
