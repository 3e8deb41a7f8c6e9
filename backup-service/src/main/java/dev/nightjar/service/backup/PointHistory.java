package dev.nightjar.service.backup;

import dev.nightjar.storage.point.PointRecord;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Collectors;

/**
 * The complete recovery points that a run can build on. Immutable.
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
                .filter(point ->
                        point.machineId().equals(machine) && point.diskName().equals(disk))
                .findFirst();
    }

    /** A disk's point in a set. */
    Optional<PointRecord> ofSet(UUID set, UUID machine, String disk) {
        return points.stream()
                .filter(point -> point.setId().equals(set)
                        && point.machineId().equals(machine)
                        && point.diskName().equals(disk))
                .findFirst();
    }

    /** Names of the checkpoints that the latest point of some disk names; all others have served their purpose. */
    Set<String> checkpointsInUse() {
        Map<DiskKey, PointRecord> newest = new HashMap<>();
        points.forEach(point -> newest.put(new DiskKey(point.machineId(), point.diskName()), point));
        return newest.values().stream()
                .map(PointRecord::checkpoint)
                .flatMap(checkpoint -> Optional.ofNullable(checkpoint).stream())
                .map(checkpoint -> checkpoint.name())
                .collect(Collectors.toSet());
    }
}
