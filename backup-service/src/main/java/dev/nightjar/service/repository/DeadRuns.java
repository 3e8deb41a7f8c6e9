package dev.nightjar.service.repository;

import dev.nightjar.service.run.RunEnded;
import dev.nightjar.service.run.RunState;
import dev.nightjar.storage.StorageException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.context.event.EventListener;
import org.springframework.stereotype.Component;

/** Ends the leases of runs whose process died, and with them the protection of what they built on. Thread-safe. */
@Component
class DeadRuns {

    private static final Logger LOG = LoggerFactory.getLogger(DeadRuns.class);

    private final RepositoryProvider repository;

    DeadRuns(RepositoryProvider repository) {
        this.repository = repository;
    }

    @EventListener
    void ended(RunEnded event) {
        boolean leased = switch (event.run().kind()) {
            case BACKUP, KEEP, RESTORE -> true;
            // What a copy holds lies in two repositories; whoever copies lets go of it.
            case COPY -> false;
            case REBUILD, RECLAIM, SCRUB -> false;
        };
        if (!leased || event.run().state() != RunState.INTERRUPTED) {
            return;
        }
        try {
            repository.get().endRun(event.run().id());
        } catch (StorageException e) {
            LOG.warn(
                    "the lease of run {} stays until the repository can be opened: {}",
                    event.run().id(),
                    e.getMessage());
        }
    }
}
