package dev.nightjar.service.copy;

import dev.nightjar.service.error.Failure;
import dev.nightjar.service.node.SoleWork;
import dev.nightjar.service.repository.RepositoryProvider;
import dev.nightjar.storage.point.PointRecord;
import dev.nightjar.storage.repository.CatalogState;
import dev.nightjar.storage.repository.Repository;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.scheduling.annotation.Scheduled;
import org.springframework.stereotype.Component;

/**
 * Deletes copies whose originals were deleted so many days ago as is chosen for the target. What stays: points that were taken in the target, locked ones, the newest one of each disk, and everything
 * while the primary repository cannot say which points it has. Thread-safe.
 */
@Component
class CopyRetention {

    private static final Logger LOG = LoggerFactory.getLogger(CopyRetention.class);

    /** A copy that began before its original was deleted may come to its end after that; nobody copies for longer. */
    private static final Duration REMEMBERED = Duration.ofDays(30);

    private final RepositoryProvider repositories;
    private final Copying copying;
    private final CopyTargetRows targets;
    private final DeletedOriginals deleted;
    private final SoleWork soleWork;

    CopyRetention(
            RepositoryProvider repositories,
            Copying copying,
            CopyTargetRows targets,
            DeletedOriginals deleted,
            SoleWork soleWork) {
        this.repositories = repositories;
        this.copying = copying;
        this.targets = targets;
        this.deleted = deleted;
        this.soleWork = soleWork;
    }

    /**
     * Deletes in all targets what is due, unless another node does that now; what keeps one of them from being used keeps nothing in the others. At a fixed rate: what has a fixed delay shares one
     * thread, which a slow store would hold up.
     */
    @Scheduled(initialDelay = 4, fixedRate = 30, timeUnit = TimeUnit.MINUTES)
    void retain() {
        try {
            soleWork.tryDo("retention of copies", this::retainAll);
        } catch (RuntimeException e) {
            LOG.warn("copies stay for now: {}", Failure.of(e).message(), e);
        }
    }

    /** Returns whether all targets could be looked at. */
    private boolean retainAll() {
        UUID primary = repositories.primary();
        Set<UUID> gone = gone(primary);
        Set<UUID> copied = new HashSet<>();
        boolean all = true;
        for (UUID target : gone.isEmpty() ? List.<UUID>of() : copying.targets()) {
            all &= retain(primary, target, gone, copied);
        }
        if (all) {
            Set<UUID> done = deleted.since(primary, REMEMBERED);
            done.removeIf(point -> copied.contains(point) || !gone.contains(point));
            deleted.forget(primary, done);
        }
        return all;
    }

    /** What somebody deleted and is not there any more; nothing as long as nobody knows what is there. */
    private Set<UUID> gone(UUID primary) {
        Set<UUID> gone = deleted.since(primary, Duration.ZERO);
        if (gone.isEmpty()) {
            return gone;
        }
        Repository originals = repositories.get(primary);
        if (originals.catalogState() != CatalogState.MATCHES) {
            return Set.of();
        }
        originals.points().forEach(point -> gone.remove(point.id()));
        return gone;
    }

    /** Adds what is left of the deleted points' copies; returns whether that is known. */
    private boolean retain(UUID primary, UUID target, Set<UUID> gone, Set<UUID> left) {
        try {
            Repository copies = repositories.get(target);
            if (copies.catalogState() != CatalogState.MATCHES) {
                return false;
            }
            Integer days = targets.choice(target).keepDays();
            if (days != null) {
                Set<UUID> due = deleted.since(primary, Duration.ofDays(days));
                due.retainAll(gone);
                delete(copies, due);
            }
            copies.points().stream().map(PointRecord::id).filter(gone::contains).forEach(left::add);
            return true;
        } catch (RuntimeException e) {
            LOG.warn(
                    "copies in repository {} stay for now: {}",
                    target,
                    Failure.of(e).message(),
                    e);
            return false;
        }
    }

    private static void delete(Repository copies, Set<UUID> due) {
        if (due.isEmpty()) {
            return;
        }
        List<PointRecord> points = copies.points();
        Set<UUID> kept = new HashSet<>(copies.locks().keySet());
        kept.addAll(newest(points));
        points.stream()
                .filter(point -> point.copiedFrom() != null && due.contains(point.id()) && !kept.contains(point.id()))
                .forEach(point -> {
                    copies.deletePoint(point.id());
                    LOG.info(
                            "deleted the copy of point {} of {} {} in {}, whose original was deleted",
                            point.id(),
                            point.machineName(),
                            point.diskName(),
                            copies.location());
                });
    }

    // Points come oldest first: the last one of each disk is its newest.
    private static Set<UUID> newest(List<PointRecord> points) {
        record Disk(UUID machine, String name) {}
        Map<Disk, UUID> newest = points.stream()
                .filter(PointRecord::isCaptured)
                .collect(Collectors.toMap(
                        point -> new Disk(point.machineId(), point.diskName()), PointRecord::id, (_, later) -> later));
        return Set.copyOf(newest.values());
    }
}
