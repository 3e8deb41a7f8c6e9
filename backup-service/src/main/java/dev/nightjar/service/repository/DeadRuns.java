package dev.nightjar.service.repository;

import dev.nightjar.service.run.RunEnded;
import dev.nightjar.service.run.RunState;
import dev.nightjar.storage.StorageException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.context.event.EventListener;
import org.springframework.stereotype.Component;

/** Removes the points that runs left incomplete whose process died; they can commit nothing any more by then. Thread-safe. */
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
                    "what run {} left stays until the repository is opened next: {}",
                    event.run().id(),
                    e.getMessage());
        }
    }
}
