package dev.nightjar.service.backup;

import dev.nightjar.service.run.HealedFrom;
import dev.nightjar.service.run.RunContext;
import dev.nightjar.service.run.RunDisk;
import dev.nightjar.service.run.RunPhase;
import dev.nightjar.storage.ingest.RunLease;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.UUID;
import java.util.function.Consumer;

/** A run that writes down what its task says, and lets a test step in between. Confined to one thread. */
final class RecordedRun implements RunContext {

    private final UUID id = UUID.randomUUID();
    private final Consumer<RunPhase> atPhase;
    private final Map<String, RunDisk> disks = new LinkedHashMap<>();
    final List<RunPhase> phases = new ArrayList<>();
    List<UUID> points = List.of();
    long total;
    long done;
    long healed;
    Runnable whenChecked = () -> {};

    RecordedRun() {
        this(_ -> {});
    }

    RecordedRun(Consumer<RunPhase> atPhase) {
        this.atPhase = atPhase;
    }

    RunDisk disk(String name) {
        return Objects.requireNonNull(disks.get(name), name);
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
    public void enter(RunPhase phase) {
        phases.add(phase);
        atPhase.accept(phase);
    }

    @Override
    public void totals(long bytesTotal) {
        total = bytesTotal;
    }

    @Override
    public void advance(long bytes) {
        done += bytes;
    }

    @Override
    public void disk(RunDisk disk) {
        disks.put(disk.name(), disk);
    }

    @Override
    public void points(List<UUID> ids) {
        points = ids;
    }

    @Override
    public void healed(HealedFrom from) {
        healed = from.chunks();
    }

    @Override
    public void checkCancelled() {
        whenChecked.run();
    }
}
