package dev.nightjar.service.upkeep;

import dev.nightjar.storage.StorageException;
import dev.nightjar.storage.point.PointRecord;
import dev.nightjar.storage.reclaim.ReclaimLimits;
import dev.nightjar.storage.reclaim.ReclaimReport;
import dev.nightjar.storage.repository.CatalogState;
import dev.nightjar.storage.repository.Repository;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.locks.ReentrantLock;
import java.util.stream.Collectors;

/** Reclaiming in one repository, and what tells whether that is due. Thread-safe; one at a time. */
final class RepositoryReclaim {

    private static final Duration AT_LEAST_EVERY = Duration.ofDays(1);

    private final ReclaimLimits limits;
    private final Clock clock;
    private final ReentrantLock lock = new ReentrantLock();
    private Set<UUID> points = Set.of();
    private boolean waiting = true;
    private Instant last = Instant.EPOCH;

    RepositoryReclaim(ReclaimLimits limits, Clock clock) {
        this.limits = limits;
        this.clock = clock;
    }

    /** A step of the work that this class may be doing already, and then is not begun again. */
    void unlessBusy(Runnable step) {
        if (lock.tryLock()) {
            try {
                step.run();
            } finally {
                lock.unlock();
            }
        }
    }

    /**
     * Reclaims now; blocks.
     *
     * @throws StorageException as {@link Repository#reclaim}
     */
    ReclaimReport reclaim(Repository repository) {
        lock.lock();
        try {
            Set<UUID> before = points(repository);
            ReclaimReport report = repository.reclaim(limits);
            points = before;
            waiting = report.waitingPacks() > 0 || report.trash() > 0;
            last = clock.instant();
            return report;
        } finally {
            lock.unlock();
        }
    }

    boolean isDue(Repository repository) {
        lock.lock();
        try {
            return repository.catalogState() == CatalogState.MATCHES
                    && (waiting
                            || last.plus(AT_LEAST_EVERY).isBefore(clock.instant())
                            || !points(repository).containsAll(points));
        } finally {
            lock.unlock();
        }
    }

    private static Set<UUID> points(Repository repository) {
        return repository.points().stream().map(PointRecord::id).collect(Collectors.toSet());
    }
}
