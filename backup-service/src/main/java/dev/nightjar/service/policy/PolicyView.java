package dev.nightjar.service.policy;

import dev.nightjar.service.source.UnreadableData;
import io.swagger.v3.oas.annotations.media.Schema;
import java.time.Instant;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * A policy, as the API shows it.
 *
 * @param id the policy
 * @param name what people call it
 * @param schedule cron fields
 * @param timeZone the region that the schedule is meant in
 * @param keepLast how many of each disk's newest points are kept
 * @param onUnreadable what its backups do where a disk cannot be read
 * @param lockDays for how many days the points that are taken are locked; null: not at all
 * @param machineIds which machines
 * @param enabled whether the schedule fires
 * @param nextRunAt the next slot; null if disabled
 */
@Schema(name = "Policy")
record PolicyView(
        UUID id,
        String name,
        String schedule,
        String timeZone,
        int keepLast,
        UnreadableData onUnreadable,
        @Nullable Integer lockDays,
        List<UUID> machineIds,
        boolean enabled,
        @Nullable Instant nextRunAt) {

    static PolicyView of(Policy policy, Instant now) {
        return new PolicyView(
                policy.id(),
                policy.name(),
                policy.schedule().expression(),
                policy.schedule().zone().getId(),
                policy.keepLast(),
                policy.onUnreadable(),
                policy.lockDays(),
                policy.machineIds(),
                policy.enabled(),
                policy.enabled() ? policy.schedule().next(now).orElse(null) : null);
    }
}
