package dev.nightjar.service.source;

import java.util.Set;
import java.util.UUID;

/**
 * On whose behalf a source is opened, which decides the names of what is left at the machine and what of it may be removed.
 *
 * @param repositoryId where the points go
 * @param runId the run
 * @param machineId the machine
 * @param chunkBytes the repository's chunk size, a power of two: the granularity of new checkpoints
 * @param checkpoints names of the checkpoints that recovery points still lean on
 */
public record SourceRun(UUID repositoryId, UUID runId, UUID machineId, int chunkBytes, Set<String> checkpoints) {
    public SourceRun {
        checkpoints = Set.copyOf(checkpoints);
    }
}
