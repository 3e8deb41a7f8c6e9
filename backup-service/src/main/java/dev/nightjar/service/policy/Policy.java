package dev.nightjar.service.policy;

import dev.nightjar.service.source.UnreadableData;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * When machines are backed up, and how many points are kept. Immutable.
 *
 * @param id the policy
 * @param name what people call it, unique
 * @param schedule when
 * @param keepLast how many of each disk's newest points are kept, at least 1
 * @param onUnreadable what its backups do where a disk cannot be read
 * @param lockDays for how many days the points that are taken are locked; null: not at all
 * @param machineIds which machines
 * @param enabled whether the schedule fires
 */
public record Policy(
        UUID id,
        String name,
        Schedule schedule,
        int keepLast,
        UnreadableData onUnreadable,
        @Nullable Integer lockDays,
        List<UUID> machineIds,
        boolean enabled) {

    /** Keeps a copy of the machines. */
    public Policy {
        machineIds = List.copyOf(machineIds);
    }
}
