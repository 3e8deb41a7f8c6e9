package dev.nightjar.service.run;

import dev.nightjar.storage.ingest.RunLease;
import java.util.List;
import java.util.UUID;

/** What a run's task knows of its run, and where it says how far it is. Thread-safe; every method is cheap. */
public interface RunContext {

    /** The run. */
    UUID runId();

    /** The right to commit on behalf of this run. */
    RunLease lease();

    /** The task begins a phase; the one before ends. */
    void enter(RunPhase phase);

    /** How many bytes there are to do; may be called again when it turns out otherwise. */
    void totals(long bytesTotal);

    /** So many bytes more are done. */
    void advance(long bytes);

    /** What was done with a disk so far; replaces what was said of the disk of that name. */
    void disk(RunDisk disk);

    /** The recovery points that the run took. */
    void points(List<UUID> ids);

    /** Chunks were damaged in a repository and can be read again; said once for each place that they came from. */
    void healed(HealedFrom from);

    /**
     * To be called between steps, a few times a second at least.
     *
     * @throws RunCancelledException if somebody asked for the run to end
     */
    void checkCancelled();
}
