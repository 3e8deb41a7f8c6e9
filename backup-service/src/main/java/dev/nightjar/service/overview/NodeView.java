package dev.nightjar.service.overview;

import io.swagger.v3.oas.annotations.media.Schema;
import java.time.Instant;
import java.util.UUID;

/**
 * A node, as the API shows it.
 *
 * @param id the process
 * @param name what people call it
 * @param state whether it is there
 * @param startedAt since when it is there
 * @param seenAt when it was heard of last
 * @param activeRuns how many runs it executes
 * @param self whether it is the one that answers
 */
@Schema(name = "Node")
record NodeView(UUID id, String name, State state, Instant startedAt, Instant seenAt, long activeRuns, boolean self) {

    /** Whether a node is there. */
    @Schema(name = "NodeState")
    enum State {
        /** It says so every second. */
        ALIVE,
        /** It was silent for too long and is taken for dead; its runs were interrupted. */
        LOST
    }
}
