package dev.nightjar.service.backup;

import dev.nightjar.storage.point.PointRecord;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Collectors;

/**
 * The complete recovery points that a run can build on. Points that were kept of exports and copies of points are none of them: no bitmap of the machine's disk counts from
 * what it never was, or from what another repository's history goes on from.
 * Immutable.
 *
 * @param points oldest first
 */
record PointHistory(List<PointRecord> points) {

    private record DiskKey(UUID machine, String disk) {}

    PointHistory {
        points = List.copyOf(points);
    }

    /** The latest point of a disk. */
    Optional<PointRecord> newest(UUID machine, String disk) {
        return points.reversed().stream()
                .filter(PointRecord::startsIncrements)
                .filter(point ->
                        point.machineId().equals(machine) && point.diskName().equals(disk))
                .findFirst();
    }

    /** The instant for a new set of a machine's points: now, but after every one it has, also if the clock was set back. */
    Instant after(UUID machine, Instant now) {
        return points.stream()
                .filter(point -> point.machineId().equals(machine))
                .map(point -> point.instant().plus(1, ChronoUnit.MICROS))
                .reduce(now, (a, b) -> a.isAfter(b) ? a : b);
    }

    /** A disk's point in a set. */
    Optional<PointRecord> ofSet(UUID set, UUID machine, String disk) {
        return points.stream()
                .filter(point -> point.startsIncrements()
                        && point.setId().equals(set)
                        && point.machineId().equals(machine)
                        && point.diskName().equals(disk))
                .findFirst();
    }

    /** Names of the checkpoints that the latest point of some disk names; all others have served their purpose. */
    Set<String> checkpointsInUse() {
        Map<DiskKey, PointRecord> newest = new HashMap<>();
        points.stream()
                .filter(PointRecord::startsIncrements)
                .forEach(point -> newest.put(new DiskKey(point.machineId(), point.diskName()), point));
        return newest.values().stream()
                .map(PointRecord::checkpoint)
                .flatMap(checkpoint -> Optional.ofNullable(checkpoint).stream())
                .map(checkpoint -> checkpoint.name())
                .collect(Collectors.toSet());
    }
}
