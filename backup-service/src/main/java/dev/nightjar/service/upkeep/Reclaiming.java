package dev.nightjar.service.upkeep;

import dev.nightjar.service.config.NightjarProperties;
import dev.nightjar.service.config.NightjarProperties.ReclaimProperties;
import dev.nightjar.service.node.SoleWork;
import dev.nightjar.service.repository.RepositoryProvider;
import dev.nightjar.storage.StorageException;
import dev.nightjar.storage.point.PointRecord;
import dev.nightjar.storage.reclaim.ReclaimLimits;
import dev.nightjar.storage.reclaim.ReclaimReport;
import dev.nightjar.storage.repository.CatalogState;
import dev.nightjar.storage.repository.Repository;
import io.micrometer.core.instrument.MeterRegistry;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.scheduling.annotation.Scheduled;
import org.springframework.stereotype.Component;

/**
 * Reclaims space by itself: soon after points were deleted, again when what was condemned may be deleted, and once a day in any case. Thread-safe; one node at a time.
 */
@Component
class Reclaiming {

    private static final Logger LOG = LoggerFactory.getLogger(Reclaiming.class);
    private static final Duration AT_LEAST_EVERY = Duration.ofDays(1);

    private final RepositoryProvider provider;
    private final SoleWork soleWork;
    private final ReclaimLimits limits;
    private final MeterRegistry meters;
    private final Clock clock;
    private Set<UUID> points = Set.of();
    private boolean waiting = true;
    private Instant last = Instant.EPOCH;

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

    // At a fixed rate: what has a fixed delay shares one thread, which reclaiming would hold up for long.
    @Scheduled(initialDelay = 2, fixedRate = 5, timeUnit = TimeUnit.MINUTES)
    void reclaimIfDue() {
        try {
            Repository repository = provider.get();
            if (isDue(repository)) {
                tryReclaim(repository);
            }
            if (!repository.locked()) {
                repository.keepLocks();
            }
        } catch (StorageException e) {
            LOG.warn("space is not reclaimed for now: {} {}", e.code(), e.getMessage());
        }
    }

    /**
     * Reclaims now, unless that is being done, here or on another node; blocks.
     *
     * @throws StorageException as {@link Repository#reclaim}
     */
    Optional<ReclaimReport> tryReclaim(Repository repository) {
        return soleWork.tryDo("reclaim " + repository.config().repositoryId(), () -> reclaim(repository));
    }

    private synchronized ReclaimReport reclaim(Repository repository) {
        Set<UUID> before = points(repository);
        ReclaimReport report = repository.reclaim(limits);
        points = before;
        waiting = report.waitingPacks() > 0 || report.trash() > 0;
        last = clock.instant();
        meters.counter("nightjar.reclaim.bytes").increment((double) report.freedBytes());
        if (report.condemnedPacks() > 0
                || report.deletedPacks() > 0
                || report.deletedOrphans() > 0
                || report.freedBytes() > 0) {
            LOG.info("reclaimed space: {}", report);
        }
        return report;
    }

    private synchronized boolean isDue(Repository repository) {
        return repository.catalogState() == CatalogState.MATCHES
                && (waiting
                        || last.plus(AT_LEAST_EVERY).isBefore(clock.instant())
                        || !points(repository).containsAll(points));
    }

    private static Set<UUID> points(Repository repository) {
        return repository.points().stream().map(PointRecord::id).collect(Collectors.toSet());
    }
}
