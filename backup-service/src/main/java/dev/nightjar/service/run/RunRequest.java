package dev.nightjar.service.run;

import java.time.Instant;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * A run that somebody wants.
 *
 * @param kind what it does
 * @param trigger who asks
 * @param machineId whose machine; a machine has one active backup at a time
 * @param machineName its name
 * @param policyId the policy, for a scheduled run
 * @param slot the instant of the policy's schedule; a slot is run once per policy and machine
 * @param target where a restore goes, or which place upkeep is about, for people and for whoever tidies up after a crash
 * @param task the work
 */
public record RunRequest(
        RunKind kind,
        RunTrigger trigger,
        @Nullable UUID machineId,
        @Nullable String machineName,
        @Nullable UUID policyId,
        @Nullable Instant slot,
        @Nullable String target,
        RunTask task) {}
