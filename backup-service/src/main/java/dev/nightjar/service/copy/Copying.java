package dev.nightjar.service.copy;

import dev.nightjar.service.backup.BackupCompleted;
import dev.nightjar.service.error.Failure;
import dev.nightjar.service.error.NightjarException;
import dev.nightjar.service.repository.RepositoryProvider;
import dev.nightjar.service.run.RunEnded;
import dev.nightjar.service.run.RunHistory;
import dev.nightjar.service.run.RunKind;
import dev.nightjar.service.run.RunLauncher;
import dev.nightjar.service.run.RunRequest;
import dev.nightjar.service.run.RunState;
import dev.nightjar.service.run.RunTrigger;
import dev.nightjar.service.run.RunView;
import dev.nightjar.storage.copy.CopyReport;
import dev.nightjar.storage.copy.FailedCopy;
import dev.nightjar.storage.copy.PointCopy;
import dev.nightjar.storage.repository.Repository;
import io.micrometer.core.instrument.MeterRegistry;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import javax.sql.DataSource;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.context.event.EventListener;
import org.springframework.http.HttpStatus;
import org.springframework.scheduling.annotation.Scheduled;
import org.springframework.stereotype.Component;

/**
 * Starts copies of what the primary repository has to the others, one at a time to each, of all nodes. What could not be copied is tried again once a day, and whenever somebody asks. Thread-safe.
 */
@Component
class Copying {

    private static final Logger LOG = LoggerFactory.getLogger(Copying.class);
    private static final Duration EVERY = Duration.ofDays(1);

    private final RepositoryProvider repositories;
    private final CopyTargetRows targets;
    private final RunLauncher launcher;
    private final RunHistory runs;
    private final DataSource database;
    private final MeterRegistry meters;
    private final Clock clock;
    private final Map<UUID, Instant> lastBegun = new ConcurrentHashMap<>();
    private final Map<UUID, Set<UUID>> tried = new ConcurrentHashMap<>();

    Copying(
            RepositoryProvider repositories,
            CopyTargetRows targets,
            RunLauncher launcher,
            RunHistory runs,
            DataSource database,
            MeterRegistry meters,
            Clock clock) {
        this.repositories = repositories;
        this.targets = targets;
        this.launcher = launcher;
        this.runs = runs;
        this.database = database;
        this.meters = meters;
        this.clock = clock;
    }

    /** The repositories that points can be copied to. */
    List<UUID> targets() {
        UUID primary = repositories.primary();
        return repositories.all().stream().filter(id -> !id.equals(primary)).toList();
    }

    /**
     * Begins to copy everything that a target lacks.
     *
     * @throws NightjarException REPOSITORY_UNKNOWN, NOT_A_COPY_TARGET, COPY_RUNNING
     */
    RunView start(UUID target, RunTrigger trigger) {
        requireTarget(target);
        Repository source = repositories.get();
        Repository copies = repositories.get(target);
        source.requireUnlocked();
        copies.requireUnlocked();
        PointCopy copy = new PointCopy(source, copies);
        CopyTask task = new CopyTask(copy, report -> copied(target, report));
        RunView run =
                launcher.submit(new RunRequest(RunKind.COPY, trigger, null, null, null, null, copies.location(), task));
        lastBegun.put(target, clock.instant());
        return run;
    }

    /** Whether points are being copied to a repository, by whatever node. */
    boolean isRunning(UUID target) {
        String location = repositories.get(target).location();
        return runs.active(RunKind.COPY).stream().anyMatch(run -> location.equals(run.target()));
    }

    /**
     * Makes sure that points can be copied to a repository.
     *
     * @throws NightjarException REPOSITORY_UNKNOWN, NOT_A_COPY_TARGET
     */
    void requireTarget(UUID target) {
        if (target.equals(repositories.primary())) {
            throw new NightjarException(
                    HttpStatus.CONFLICT,
                    "NOT_A_COPY_TARGET",
                    "backups go to this repository; points are copied from it",
                    "Name another repository.");
        }
        if (!targets().contains(target)) {
            throw NightjarException.notFound("REPOSITORY_UNKNOWN", "repository", target);
        }
    }

    @EventListener
    void backedUp(BackupCompleted event) {
        startWhere(CopyWhen.AFTER_BACKUP);
    }

    /** Makes up for what a backup could not begin, and begins what is due once a day. */
    @Scheduled(initialDelay = 2, fixedDelay = 5, timeUnit = TimeUnit.MINUTES)
    void startDue() {
        startWhere(CopyWhen.AFTER_BACKUP);
        startWhere(CopyWhen.DAILY);
    }

    /** Lets go of what a copy held whose process died. First of what needs the database only: a lease that nobody ends keeps its repository from being reclaimed for ever. */
    @EventListener
    void ended(RunEnded event) {
        if (event.run().kind() != RunKind.COPY || event.run().state() != RunState.INTERRUPTED) {
            return;
        }
        UUID run = event.run().id();
        quietly(
                "the leases of copy " + run + " stay",
                () -> repositories.all().forEach(target -> PointCopy.bar(database, run, target)));
        quietly("what copy " + run + " left stays until the repositories are opened next", () -> {
            for (UUID target : targets()) {
                new PointCopy(repositories.get(), repositories.get(target)).end(run);
            }
        });
    }

    private void startWhere(CopyWhen when) {
        quietly("no copies for now", () -> {
            for (UUID target : targets()) {
                if (targets.choice(target).when() == when) {
                    quietly("nothing is copied to repository " + target + " for now", () -> startIfDue(target, when));
                }
            }
        });
    }

    private void startIfDue(UUID target, CopyWhen when) {
        boolean dayIsOver =
                lastBegun.getOrDefault(target, Instant.EPOCH).plus(EVERY).isBefore(clock.instant());
        boolean due = dayIsOver || (when == CopyWhen.AFTER_BACKUP && lacksWhatWasNotTried(target));
        if (due && !isRunning(target) && !missing(target).isEmpty()) {
            start(target, RunTrigger.SCHEDULE);
        }
    }

    private boolean lacksWhatWasNotTried(UUID target) {
        return !tried.getOrDefault(target, Set.of()).containsAll(missing(target));
    }

    private Set<UUID> missing(UUID target) {
        Set<UUID> missing = new HashSet<>();
        new PointCopy(repositories.get(), repositories.get(target)).missing().forEach(point -> missing.add(point.id()));
        return missing;
    }

    private void copied(UUID target, CopyReport report) {
        Set<UUID> failed = new HashSet<>();
        for (FailedCopy failure : report.failed()) {
            failed.add(failure.point());
            LOG.warn(
                    "point {} was not copied to repository {}: {} {}",
                    failure.point(),
                    target,
                    failure.code(),
                    failure.message());
        }
        tried.put(target, Set.copyOf(failed));
        meters.counter("nightjar.copy.points").increment(report.copied().size());
        meters.counter("nightjar.copy.failures").increment(report.failed().size());
        meters.counter("nightjar.copy.bytes").increment((double) report.storedBytes());
    }

    private static void quietly(String what, Runnable work) {
        try {
            work.run();
        } catch (RuntimeException e) {
            LOG.warn("{}: {}", what, Failure.of(e).message(), e);
        }
    }
}
