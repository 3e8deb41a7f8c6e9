package dev.nightjar.service.backup;

import dev.nightjar.service.run.RunTrigger;
import dev.nightjar.service.source.UnreadableData;
import java.time.Instant;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * A backup that somebody wants.
 *
 * @param full whether to read everything even where an increment is possible
 * @param bitmapSince for exports that somebody else manages: the set of points at whose instant the bitmaps began to record
 * @param onUnreadable what to do where a disk cannot be read
 * @param trigger who asks
 * @param policyId the policy, for a scheduled one
 * @param slot the instant of the policy's schedule
 */
public record BackupRequest(
        boolean full,
        @Nullable UUID bitmapSince,
        UnreadableData onUnreadable,
        RunTrigger trigger,
        @Nullable UUID policyId,
        @Nullable Instant slot) {}
