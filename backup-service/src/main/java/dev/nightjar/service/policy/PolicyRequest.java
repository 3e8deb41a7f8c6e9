package dev.nightjar.service.policy;

import dev.nightjar.service.source.UnreadableData;
import jakarta.validation.constraints.Max;
import jakarta.validation.constraints.Min;
import jakarta.validation.constraints.NotBlank;
import jakarta.validation.constraints.NotNull;
import jakarta.validation.constraints.Size;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * A policy, as people describe it.
 *
 * @param name what people call it, unique
 * @param schedule cron fields: minute, hour, day of month, month, day of week
 * @param timeZone a region such as Europe/Berlin
 * @param keepLast how many of each disk's newest points are kept
 * @param onUnreadable what its backups do where a disk cannot be read; if left out they fail
 * @param lockDays for how many days the points that are taken are locked; not at all if left out
 * @param machineIds which machines
 * @param enabled whether the schedule fires
 */
record PolicyRequest(
        @NotBlank @Size(max = 200) String name,
        @NotBlank @Size(max = 200) String schedule,
        @NotBlank @Size(max = 100) String timeZone,
        @Min(1) @Max(100_000) int keepLast,
        @Nullable UnreadableData onUnreadable,
        @Nullable @Min(1) @Max(36_500) Integer lockDays,
        @NotNull List<UUID> machineIds,
        boolean enabled) {}
