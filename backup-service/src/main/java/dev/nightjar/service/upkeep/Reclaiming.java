package dev.nightjar.service.upkeep;

import dev.nightjar.service.config.NightjarProperties;
import dev.nightjar.service.config.NightjarProperties.ReclaimProperties;
import dev.nightjar.service.error.Failure;
import dev.nightjar.service.node.SoleWork;
import dev.nightjar.service.repository.RepositoryProvider;
import dev.nightjar.storage.StorageException;
import dev.nightjar.storage.reclaim.ReclaimLimits;
import dev.nightjar.storage.reclaim.ReclaimReport;
import dev.nightjar.storage.repository.Repository;
import io.micrometer.core.instrument.MeterRegistry;
import jakarta.annotation.PreDestroy;
import java.time.Clock;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.scheduling.annotation.Scheduled;
import org.springframework.stereotype.Component;

/**
 * Reclaims space by itself, in the primary repository and in those that copies go to: soon after points were deleted, again when what was condemned may be deleted, and once a day in any case. Thread-safe;
 * one node at a time in each repository, and none waits for another one's store.
 */
@Component
class Reclaiming {

    private static final Logger LOG = LoggerFactory.getLogger(Reclaiming.class);

    private final RepositoryProvider provider;
    private final SoleWork soleWork;
    private final ReclaimLimits limits;
    private final MeterRegistry meters;
    private final Clock clock;
    private final Map<UUID, RepositoryReclaim> reclaims = new ConcurrentHashMap<>();
    private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();

    Reclaiming(
            RepositoryProvider provider,
            SoleWork soleWork,
            NightjarProperties properties,
            MeterRegistry meters,
            Clock clock) {
        this.provider = provider;
        this.soleWork = soleWork;
        this.meters = meters;
        this.clock = clock;
        this.limits = limits(properties.reclaim());
    }

    private static ReclaimLimits limits(ReclaimProperties configured) {
        ReclaimLimits usual = ReclaimLimits.DEFAULT;
        Duration trash = configured.trash();
        return trash == null
                ? new ReclaimLimits(configured.grace(), usual.sparse(), usual.rewriteBytes())
                : new ReclaimLimits(configured.grace(), usual.sparse(), usual.rewriteBytes(), trash);
    }

    // At a fixed rate: what has a fixed delay shares one thread, which asking for the repositories would hold up.
    @Scheduled(initialDelay = 2, fixedRate = 5, timeUnit = TimeUnit.MINUTES)
    void reclaimWhereDue() {
        try {
            provider.all().forEach(id -> threads.execute(() -> of(id).unlessBusy(() -> reclaimIfDue(id))));
        } catch (StorageException e) {
            LOG.warn("space is not reclaimed for now: {} {}", e.code(), e.getMessage());
        }
    }

    /**
     * Reclaims in a repository now, unless that is being done, here or on another node; blocks.
     *
     * @throws StorageException as {@link Repository#reclaim}
     */
    Optional<ReclaimReport> tryReclaim(Repository repository) {
        return soleWork.tryDo("reclaim " + repository.config().repositoryId(), () -> reclaim(repository));
    }

    private ReclaimReport reclaim(Repository repository) {
        ReclaimReport report = of(repository.config().repositoryId()).reclaim(repository);
        meters.counter("nightjar.reclaim.bytes").increment((double) report.freedBytes());
        if (report.condemnedPacks() > 0
                || report.deletedPacks() > 0
                || report.deletedOrphans() > 0
                || report.freedBytes() > 0) {
            LOG.info("reclaimed space in {}: {}", repository.location(), report);
        }
        return report;
    }

    private void reclaimIfDue(UUID id) {
        try {
            Repository repository = provider.get(id);
            repository.lookAtClock();
            if (of(id).isDue(repository)) {
                tryReclaim(repository);
            }
            if (!repository.locked()) {
                repository.keepLocks();
            }
        } catch (RuntimeException e) {
            Failure failure = Failure.of(e);
            LOG.warn("space in repository {} is not reclaimed for now: {} {}", id, failure.code(), failure.message());
        }
    }

    private RepositoryReclaim of(UUID id) {
        return reclaims.computeIfAbsent(id, _ -> new RepositoryReclaim(limits, clock));
    }

    @PreDestroy
    void stop() {
        threads.shutdownNow();
    }
}
