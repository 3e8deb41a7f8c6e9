package dev.nightjar.service.backup;

import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * A backup has committed its points and tidied up; published on the run's thread, before the run itself ends.
 *
 * @param runId the run
 * @param machineId whose points
 * @param policyId the policy, or null
 */
public record BackupCompleted(
        UUID runId, UUID machineId, @Nullable UUID policyId) {}
