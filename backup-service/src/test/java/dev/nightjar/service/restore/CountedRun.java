package dev.nightjar.service.restore;

import dev.nightjar.service.run.HealedFrom;
import dev.nightjar.service.run.RunContext;
import dev.nightjar.service.run.RunDisk;
import dev.nightjar.service.run.RunPhase;
import dev.nightjar.storage.ingest.RunLease;
import java.util.List;
import java.util.UUID;

/** A run that counts, and that a test can cancel after so many bytes. Confined to one thread. */
final class CountedRun implements RunContext {

    private final UUID id = UUID.randomUUID();
    private final long cancelAfter;
    long total;
    long done;

    CountedRun() {
        this(Long.MAX_VALUE);
    }

    CountedRun(long cancelAfter) {
        this.cancelAfter = cancelAfter;
    }

    @Override
    public UUID runId() {
        return id;
    }

    @Override
    public RunLease lease() {
        return new RunLease(id, 1);
    }

    @Override
    public void enter(RunPhase phase) {}

    @Override
    public void totals(long bytesTotal) {
        total = bytesTotal;
    }

    @Override
    public void advance(long bytes) {
        done += bytes;
    }

    @Override
    public void disk(RunDisk disk) {}

    @Override
    public void points(List<UUID> ids) {}

    @Override
    public void healed(HealedFrom from) {}

    @Override
    public void checkCancelled() {
        if (done >= cancelAfter) {
            throw new IllegalStateException("cancelled");
        }
    }
}
