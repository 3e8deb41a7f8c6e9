package dev.nightjar.service.testing;

import dev.nightjar.service.run.RunKind;
import dev.nightjar.service.run.RunPhase;
import dev.nightjar.service.run.RunState;
import dev.nightjar.service.run.RunTrigger;
import dev.nightjar.service.run.RunView;
import java.time.Instant;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** Runs of another node that have ended. */
public final class TestRuns {

    private TestRuns() {}

    /** A run of no machine. */
    public static RunView ended(UUID run, RunKind kind, RunState state) {
        return ended(run, kind, state, null, null);
    }

    /**
     * A run.
     *
     * @param machine whose it was, if it was a machine's
     * @param target where it restored to, if it did
     */
    public static RunView ended(
            UUID run, RunKind kind, RunState state, @Nullable UUID machine, @Nullable String target) {
        return new RunView(
                run,
                kind,
                RunTrigger.MANUAL,
                state,
                RunPhase.DONE,
                machine,
                machine == null ? null : "web-1",
                null,
                target,
                Instant.EPOCH,
                null,
                null,
                0,
                0,
                0,
                null,
                List.of(),
                List.of(),
                null,
                List.of(),
                List.of(),
                "elsewhere");
    }
}
