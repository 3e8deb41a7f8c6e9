package dev.nightjar.storage.ingest;

import java.util.UUID;

/**
 * The right to commit on behalf of a run. Whoever takes a run over begins with a higher epoch, and the holder of the lower one
 * can commit nothing from then on.
 *
 * @param runId the run
 * @param epoch which holder of the run, counted upwards
 */
public record RunLease(UUID runId, long epoch) {}
