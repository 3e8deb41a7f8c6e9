package dev.nightjar.service.backup;

import dev.nightjar.service.run.RunTrigger;
import java.time.Instant;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * A backup that somebody wants.
 *
 * @param full whether to read everything even where an increment is possible
 * @param bitmapSince for exports that somebody else manages: the set of points at whose instant the bitmaps began to record
 * @param trigger who asks
 * @param policyId the policy, for a scheduled one
 * @param slot the instant of the policy's schedule
 */
public record BackupRequest(
        boolean full,
        @Nullable UUID bitmapSince,
        RunTrigger trigger,
        @Nullable UUID policyId,
        @Nullable Instant slot) {}
