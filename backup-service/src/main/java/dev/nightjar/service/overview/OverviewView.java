package dev.nightjar.service.overview;

import dev.nightjar.service.repository.RepositoryStatus;
import dev.nightjar.service.run.RunView;
import io.swagger.v3.oas.annotations.media.Schema;
import java.time.Instant;
import java.util.List;
import java.util.UUID;

/**
 * What the dashboard shows first.
 *
 * @param machines how many are protected
 * @param points how many recovery points there are
 * @param storedBytes what the repository takes up
 * @param logicalBytes what all points would take up as disks of their own
 * @param lastRuns the newest runs, newest first
 * @param nextRuns the next slots of enabled policies, soonest first
 * @param protection how each machine stands
 * @param repository whether backups have somewhere to go; what is counted above is 0 while it cannot be opened
 */
@Schema(name = "Overview")
record OverviewView(
        int machines,
        long points,
        long storedBytes,
        long logicalBytes,
        List<RunView> lastRuns,
        List<NextRun> nextRuns,
        List<MachineProtection> protection,
        RepositoryStatus repository) {

    /**
     * A slot to come.
     *
     * @param policyId whose
     * @param policyName its name
     * @param at when
     */
    @Schema(name = "NextRun")
    record NextRun(UUID policyId, String policyName, Instant at) {}

    /**
     * How a machine stands.
     *
     * @param machineId which
     * @param name its name
     * @param state how
     */
    @Schema(name = "MachineProtection")
    record MachineProtection(UUID machineId, String name, Protection state) {}

    /** How well a machine is protected. */
    enum Protection {
        /** Its newest run succeeded, and its point is as young as its policies want. */
        PROTECTED,
        /** Its newest point is older than its policies want. */
        STALE,
        /** Its newest run failed. */
        FAILED,
        /** It has no point yet. */
        NEVER
    }
}
