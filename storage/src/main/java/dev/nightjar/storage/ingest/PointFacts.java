package dev.nightjar.storage.ingest;

import dev.nightjar.storage.point.Checkpoint;
import java.time.Instant;
import java.util.Map;
import java.util.UUID;

/**
 * What the points of a set share, and what only the source knows about them.
 *
 * @param setId the set
 * @param instant the moment whose content was read
 * @param consistency what is known about the guest's state, for example {@code CRASH}
 * @param checkpoints by disk name, the bitmap that records since {@code instant}; a disk without one is missing
 */
public record PointFacts(UUID setId, Instant instant, String consistency, Map<String, Checkpoint> checkpoints) {

    /** Keeps a copy of the checkpoints. */
    public PointFacts {
        checkpoints = Map.copyOf(checkpoints);
    }
}
