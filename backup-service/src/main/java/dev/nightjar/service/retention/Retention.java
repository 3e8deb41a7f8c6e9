package dev.nightjar.service.retention;

import dev.nightjar.service.backup.BackupCompleted;
import dev.nightjar.service.error.Failure;
import dev.nightjar.service.point.Points;
import dev.nightjar.service.policy.Policies;
import dev.nightjar.service.policy.Policy;
import dev.nightjar.storage.point.PointRecord;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.UUID;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.context.event.EventListener;
import org.springframework.stereotype.Component;

/**
 * After a backup: of each disk of the machine, keeps the newest points, as many as the most generous of its policies says, and deletes the rest. Without a policy
 * everything is kept. Points are locked first where a policy says so, those too that could not be locked after the backups before; locked ones count and stay. The newest point always stays, and so do points that somebody kept of an export: they neither count nor go by themselves. Thread-safe.
 */
@Component
class Retention {

    private static final Logger LOG = LoggerFactory.getLogger(Retention.class);

    private final Policies policies;
    private final Points points;
    private final Clock clock;

    Retention(Policies policies, Points points, Clock clock) {
        this.policies = policies;
        this.points = points;
        this.clock = clock;
    }

    @EventListener
    void completed(BackupCompleted event) {
        try {
            lock(event);
            retain(event.machineId());
        } catch (RuntimeException e) {
            // The backup stands; the next one tries again.
            LOG.warn(
                    "old points of machine {} stay for now: {}",
                    event.machineId(),
                    Failure.of(e).message(),
                    e);
        }
    }

    private void lock(BackupCompleted event) {
        OptionalInt days = policies.covering(event.machineId()).stream()
                .flatMap(policy -> Stream.ofNullable(policy.lockDays()))
                .mapToInt(Integer::intValue)
                .max();
        if (days.isPresent()) {
            lock(event, Duration.ofDays(days.getAsInt()));
        }
    }

    // A point of that age without such a lock was missed, or the policy was another one. What the store itself keeps of
    // it is left to the upkeep: the run, and with it the machine, does not wait for a walk through each of their maps.
    // What fails leaves the older ones, and all deletions, to the next time.
    private void lock(BackupCompleted event, Duration age) {
        Instant oldest = clock.instant().minus(age);
        Map<UUID, Instant> locks = points.locks();
        points.of(event.machineId()).stream()
                .filter(PointRecord::isCaptured)
                .filter(point -> point.instant().isAfter(oldest))
                .filter(point -> locks.getOrDefault(point.id(), Instant.MIN)
                        .isBefore(point.instant().plus(age)))
                .forEach(point -> lock(point, point.instant().plus(age), event.runId()));
    }

    private void lock(PointRecord point, Instant until, UUID run) {
        if (point.runId().equals(run)) {
            points.lock(null, point.id(), until);
        } else {
            points.lockUnkept(point.id(), until);
        }
    }

    private void retain(UUID machine) {
        OptionalInt keep =
                policies.covering(machine).stream().mapToInt(Policy::keepLast).max();
        if (keep.isPresent()) {
            apply(machine, keep.getAsInt());
        }
    }

    private void apply(UUID machine, int keep) {
        Map<UUID, Instant> locks = points.locks();
        Map<String, List<PointRecord>> byDisk = points.of(machine).stream()
                .filter(PointRecord::isCaptured)
                .collect(Collectors.groupingBy(PointRecord::diskName));
        byDisk.values().stream()
                .flatMap(disk -> disk.stream()
                        .sorted(Comparator.comparing(PointRecord::instant).reversed())
                        .skip(Math.max(1, keep)))
                .filter(point -> !locks.containsKey(point.id()))
                .forEach(this::delete);
    }

    private void delete(PointRecord point) {
        try {
            points.delete(null, point.id());
            LOG.info(
                    "deleted point {} of {} {}, taken {}",
                    point.id(),
                    point.machineName(),
                    point.diskName(),
                    point.instant());
        } catch (RuntimeException e) {
            // The backup stands; the next one tries again.
            LOG.warn(
                    "point {} could not be deleted: {}",
                    point.id(),
                    Failure.of(e).message(),
                    e);
        }
    }
}
