package dev.nightjar.service.node;

import java.time.Instant;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * A node, as it is written down, with the times of the database's clock.
 *
 * @param id the process
 * @param name what people call it
 * @param home its data directory
 * @param startedAt since when it is there
 * @param seenAt when it was heard of last
 * @param endedAt since when it is not; null while it is
 * @param lost whether it was taken for dead
 */
public record NodeRow(
        UUID id,
        String name,
        UUID home,
        Instant startedAt,
        Instant seenAt,
        @Nullable Instant endedAt,
        boolean lost) {

    /** Whether its process is taken for alive. */
    public boolean alive() {
        return endedAt == null;
    }
}
