package dev.nightjar.service.backup;

import dev.nightjar.service.machine.Machines;
import dev.nightjar.service.repository.RepositoryProvider;
import dev.nightjar.service.run.RunEnded;
import dev.nightjar.service.run.RunKind;
import dev.nightjar.service.run.RunState;
import dev.nightjar.service.run.RunView;
import dev.nightjar.service.source.SourceRun;
import dev.nightjar.service.source.SourceSession;
import dev.nightjar.service.source.Sources;
import dev.nightjar.storage.repository.CatalogState;
import dev.nightjar.storage.repository.Repository;
import java.util.UUID;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.context.event.EventListener;
import org.springframework.stereotype.Component;

/**
 * Tidies up at a machine whose backup died with its process, without waiting for the next one: an open view keeps growing with every
 * write of the guest. Thread-safe.
 */
@Component
class InterruptedBackups {

    private static final Logger LOG = LoggerFactory.getLogger(InterruptedBackups.class);

    private final Machines machines;
    private final RepositoryProvider repository;
    private final Sources sources;

    InterruptedBackups(Machines machines, RepositoryProvider repository, Sources sources) {
        this.machines = machines;
        this.repository = repository;
        this.sources = sources;
    }

    @EventListener
    void ended(RunEnded event) {
        RunView run = event.run();
        UUID machine = run.machineId();
        if (run.kind() == RunKind.BACKUP && run.state() == RunState.INTERRUPTED && machine != null) {
            // Starting up must not wait for machines that do not answer.
            Thread.ofVirtual().name("tidy-up " + run.machineName()).start(() -> tidyUp(machine));
        }
    }

    private void tidyUp(UUID machineId) {
        try {
            Repository open = repository.get();
            if (open.catalogState() == CatalogState.NEEDS_REBUILD) {
                // Which checkpoints count is not known now; nothing is touched.
                return;
            }
            machines.find(machineId).ifPresent(machine -> {
                SourceRun nobody = new SourceRun(
                        open.config().repositoryId(),
                        UUID.randomUUID(),
                        machineId,
                        open.config().chunkSize().bytes(),
                        new PointHistory(open.points()).checkpointsInUse());
                try (SourceSession session = sources.open(machine.source(), nobody)) {
                    LOG.info("tidied up at {}, disks {}", machine.name(), session.disks());
                }
            });
        } catch (RuntimeException e) {
            LOG.warn("what an interrupted backup left at machine {} stays for now: {}", machineId, e.getMessage());
        }
    }
}
