package dev.nightjar.service.run;

import dev.nightjar.service.error.Failure;
import dev.nightjar.service.error.NightjarException;
import dev.nightjar.service.node.Node;
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
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.context.ApplicationEventPublisher;
import org.springframework.http.HttpStatus;
import org.springframework.scheduling.annotation.Scheduled;
import org.springframework.stereotype.Service;

/**
 * Starts runs, each on a virtual thread of its own, and knows those of this process. Thread-safe.
 *
 * <p>A run belongs to the node that started it. Its row is written about every second, which is what other nodes see of it, and read at the same time: whether somebody
 * asked for its end elsewhere, or took this node for dead. A run that was lost in that way goes on to its next step and ends there; nobody is told how.
 */
@Service
public class RunLauncher {

    private static final Logger LOG = LoggerFactory.getLogger(RunLauncher.class);
    private static final Duration STOP_LIMIT = Duration.ofSeconds(20);

    private final Map<UUID, ActiveRun> active = new ConcurrentHashMap<>();
    private final ExecutorService threads = Executors.newThreadPerTaskExecutor(
            Thread.ofVirtual().name("run-", 0).factory());
    private final ReentrantLock keeping = new ReentrantLock();
    private final RunStore store;
    private final Node node;
    private final ApplicationEventPublisher events;
    private final MeterRegistry meters;
    private final Clock clock;

    RunLauncher(RunStore store, Node node, ApplicationEventPublisher events, MeterRegistry meters, Clock clock) {
        this.store = store;
        this.node = node;
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
        ActiveRun run = new ActiveRun(created, node.id(), clock);
        // Known before it is claimed: whoever finds the claim finds the run.
        active.put(created.id(), run);
        try {
            store.claim(created, request, run.node());
        } catch (RuntimeException e) {
            active.remove(created.id());
            throw e;
        }
        threads.execute(() -> execute(run, request.task()));
        return run.view();
    }

    /**
     * Asks a run to end, on whatever node; it does so at its next step.
     *
     * @throws NightjarException RUN_NOT_FOUND, or RUN_NOT_ACTIVE if it has ended
     */
    public RunView cancel(UUID id) {
        ActiveRun run = active.get(id);
        if (run != null) {
            run.cancel();
            return run.view();
        }
        RunView elsewhere = store.find(id).orElseThrow(() -> NightjarException.notFound("RUN_NOT_FOUND", "run", id));
        if (!store.requestCancel(id)) {
            throw new NightjarException(
                    HttpStatus.CONFLICT,
                    "RUN_NOT_ACTIVE",
                    "the run has ended: " + elsewhere.state(),
                    "Nothing is to be done.");
        }
        return elsewhere;
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

    /** The runs of other nodes that have not ended, as of about a second ago. */
    List<RunView> runningElsewhere() {
        return store.unfinished().stream().filter(run -> !executes(run.id())).toList();
    }

    /** The runs of this process that have not ended. */
    List<RunView> running() {
        return active.values().stream()
                .map(ActiveRun::view)
                .filter(run -> run.state().active())
                .toList();
    }

    /** Keeps what is known of runs, for other nodes and for whoever asks after a crash, and how runs ended that could not be written down then. */
    @Scheduled(fixedRate = 1, timeUnit = TimeUnit.SECONDS)
    void keepProgress() {
        if (keeping.tryLock()) {
            try {
                active.values().forEach(this::keep);
            } finally {
                keeping.unlock();
            }
        }
    }

    private void keep(ActiveRun run) {
        RunView view = run.view();
        if (view.state() == RunState.QUEUED) {
            // Perhaps its row is not there yet, which would look as if it were over.
            return;
        }
        if (!view.state().active()) {
            settle(view);
            return;
        }
        switch (store.saveProgress(view)) {
            case GO_ON -> {}
            case CANCEL -> run.cancel();
            case OVER -> {
                if (run.view().state().active()) {
                    LOG.warn("run {} was lost: this node was taken for dead", view.id());
                    run.cancel();
                    active.remove(view.id());
                }
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
                List.of(),
                node.name());
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
            if (!settle(view)) {
                LOG.warn(
                        "run {} ended {} here after this node was taken for dead; it does not count", view.id(), state);
                return;
            }
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
    private boolean settle(RunView ended) {
        // An answer may have been lost the time before.
        boolean counts = store.end(ended)
                || store.find(ended.id())
                        .filter(run -> run.state() == ended.state())
                        .isPresent();
        active.remove(ended.id());
        return counts;
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
