package dev.nightjar.storage.ingest;

import dev.nightjar.storage.point.PointRecord;
import java.util.List;
import java.util.UUID;

/**
 * The points that a commit made complete.
 *
 * @param setId their set
 * @param points one per disk, in the order in which the disks were begun
 */
public record CommittedSet(UUID setId, List<PointRecord> points) {

    /** Keeps a copy of the points. */
    public CommittedSet {
        points = List.copyOf(points);
    }
}
