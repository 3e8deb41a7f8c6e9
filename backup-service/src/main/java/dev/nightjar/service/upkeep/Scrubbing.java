package dev.nightjar.service.upkeep;

import dev.nightjar.service.error.NightjarException;
import dev.nightjar.service.repository.RepositoryProvider;
import dev.nightjar.service.run.RunHistory;
import dev.nightjar.service.run.RunKind;
import dev.nightjar.service.run.RunLauncher;
import dev.nightjar.service.run.RunRequest;
import dev.nightjar.service.run.RunState;
import dev.nightjar.service.run.RunTrigger;
import dev.nightjar.service.run.RunView;
import dev.nightjar.storage.StorageException;
import dev.nightjar.storage.catalog.ScrubTable.Proofs;
import dev.nightjar.storage.repository.CatalogState;
import dev.nightjar.storage.repository.Repository;
import dev.nightjar.storage.scrub.ScrubLimits;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.scheduling.annotation.Scheduled;
import org.springframework.stereotype.Component;

/**
 * Scrubs by itself, once a day a part of every repository, so that all of it is proven within the configured time; and all of one on request. Thread-safe; one at a time in each, of all nodes.
 */
@Component
class Scrubbing {

    private static final Logger LOG = LoggerFactory.getLogger(Scrubbing.class);
    private static final Duration DAY = Duration.ofDays(1);

    private final RepositoryProvider provider;
    private final RunLauncher launcher;
    private final RunHistory runs;
    private final ScrubProperties properties;
    private final ScrubTask.Meters meters;
    private final HealingFromCopies healing;
    private final Clock clock;

    Scrubbing(
            RepositoryProvider provider,
            RunLauncher launcher,
            RunHistory runs,
            ScrubProperties properties,
            ScrubTask.Meters meters,
            HealingFromCopies healing,
            Clock clock) {
        this.provider = provider;
        this.launcher = launcher;
        this.runs = runs;
        this.properties = properties;
        this.meters = meters;
        this.healing = healing;
        this.clock = clock;
    }

    @Scheduled(initialDelay = 10, fixedDelay = 60, timeUnit = TimeUnit.MINUTES)
    void scrubWhereDue() {
        try {
            provider.all().forEach(this::scrubIfDue);
        } catch (StorageException e) {
            LOG.warn("nothing is scrubbed for now: {} {}", e.code(), e.getMessage());
        }
    }

    private void scrubIfDue(UUID id) {
        try {
            Repository repository = provider.get(id);
            if (isDue(repository)) {
                begin(repository, daily(), RunTrigger.SCHEDULE);
            }
        } catch (StorageException e) {
            LOG.warn("repository {} is not scrubbed for now: {} {}", id, e.code(), e.getMessage());
        } catch (NightjarException e) {
            LOG.debug("repository {} is being scrubbed, or is not in the list any more", id, e);
        }
    }

    /**
     * Begins to read a whole repository, the primary one if none is named, or goes on with that where it was cut off.
     *
     * @throws NightjarException SCRUB_ACTIVE, REPOSITORY_UNKNOWN
     * @throws StorageException while the repository cannot be opened
     */
    RunView scrubEverything(@Nullable UUID id) {
        ScrubLimits limits =
                new ScrubLimits(properties.within(), 1, properties.rate().toBytes());
        return begin(provider.getOrPrimary(id), limits, RunTrigger.MANUAL);
    }

    private RunView begin(Repository repository, ScrubLimits limits, RunTrigger trigger) {
        ScrubTask task = new ScrubTask(repository, limits, meters, healing);
        return launcher.submit(
                new RunRequest(RunKind.SCRUB, trigger, null, null, null, null, repository.location(), task));
    }

    private boolean isDue(Repository repository) {
        Instant yesterday = clock.instant().minus(DAY);
        boolean done = runs.newestEnded(RunKind.SCRUB, repository.location())
                .filter(run ->
                        run.state() != RunState.INTERRUPTED && run.createdAt().isAfter(yesterday))
                .isPresent();
        if (done || repository.catalogState() != CatalogState.MATCHES) {
            return false;
        }
        Proofs proofs = repository.proofs();
        return (proofs.oldestProof() != null && proofs.oldestProof().isBefore(yesterday))
                || repository.damagedChunks() > 0;
    }

    /** A day's part: what would be overdue tomorrow, and so much of the rest that every pack has its turn in time. */
    private ScrubLimits daily() {
        Duration within = properties.within();
        double share = Math.min(1, 1.0 / Math.max(1, within.toDays() - 1));
        return new ScrubLimits(
                within.minus(DAY), Math.min(share, 0.999), properties.rate().toBytes());
    }
}
