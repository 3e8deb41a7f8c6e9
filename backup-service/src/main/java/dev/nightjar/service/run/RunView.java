package dev.nightjar.service.run;

import io.swagger.v3.oas.annotations.media.Schema;
import java.time.Instant;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * A run, as the API shows it. Immutable.
 *
 * @param id the run
 * @param kind what it does
 * @param trigger who asked for it
 * @param state where it stands
 * @param phase what it is doing
 * @param machineId whose; null for upkeep
 * @param machineName the machine's name when the run began
 * @param policyId the policy whose slot it is
 * @param target where a restore goes: a path, or the URI of an export; for upkeep and copies, where the repository is; null for other kinds
 * @param createdAt when it was asked for
 * @param startedAt when it began
 * @param finishedAt when it ended
 * @param bytesTotal how much there is to do; 0 while unknown
 * @param bytesDone how much of it is done
 * @param bytesPerSecond how fast it goes, smoothed; of an ended run the average
 * @param etaSeconds how long it still takes at this rate; null while unknown
 * @param disks what it did with each disk
 * @param phases how long each phase took, the current one included
 * @param error why it failed
 * @param pointIds the recovery points that it took or restored
 * @param healed where chunks came from that were damaged in the repository and can be read again because of it
 * @param node the name of the node that executes it; null for runs of releases that knew no nodes
 */
@Schema(name = "Run")
public record RunView(
        UUID id,
        RunKind kind,
        RunTrigger trigger,
        RunState state,
        RunPhase phase,
        @Nullable UUID machineId,
        @Nullable String machineName,
        @Nullable UUID policyId,
        @Nullable String target,
        Instant createdAt,
        @Nullable Instant startedAt,
        @Nullable Instant finishedAt,
        long bytesTotal,
        long bytesDone,
        long bytesPerSecond,
        @Nullable Long etaSeconds,
        List<RunDisk> disks,
        List<PhaseTime> phases,
        @Nullable RunError error,
        List<UUID> pointIds,
        List<HealedFrom> healed,
        @Nullable String node) {

    /** Keeps copies of the lists. A run that was written down by an older version has none of what was healed. */
    public RunView {
        disks = List.copyOf(disks);
        phases = List.copyOf(phases);
        pointIds = List.copyOf(pointIds);
        healed = healed == null ? List.of() : List.copyOf(healed);
    }

    /**
     * How long a phase took.
     *
     * @param phase which
     * @param millis milliseconds
     */
    public record PhaseTime(RunPhase phase, long millis) {}

    /**
     * Why a run failed.
     *
     * @param code the stable name
     * @param message what happened, and where
     * @param hint what a person can do
     */
    public record RunError(
            String code, String message, @Nullable String hint) {}
}
