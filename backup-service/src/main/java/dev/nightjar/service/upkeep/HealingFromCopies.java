package dev.nightjar.service.upkeep;

import dev.nightjar.service.error.Failure;
import dev.nightjar.service.repository.RepositoryProvider;
import dev.nightjar.service.run.HealedFrom;
import dev.nightjar.service.run.RunCancelledException;
import dev.nightjar.service.run.RunContext;
import dev.nightjar.service.run.RunEnded;
import dev.nightjar.service.run.RunKind;
import dev.nightjar.service.run.RunPhase;
import dev.nightjar.service.run.RunState;
import dev.nightjar.storage.copy.CopyHealing;
import dev.nightjar.storage.repository.CatalogState;
import dev.nightjar.storage.repository.Repository;
import java.util.List;
import java.util.UUID;
import java.util.function.BiConsumer;
import javax.sql.DataSource;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.context.event.EventListener;
import org.springframework.stereotype.Component;

/** Heals what a scrub has found and could not mend, from the repositories that have the same points: the primary one from its copies, and a copy from the primary one or another copy. Thread-safe. */
@Component
class HealingFromCopies {

    private static final Logger LOG = LoggerFactory.getLogger(HealingFromCopies.class);

    private final RepositoryProvider provider;
    private final DataSource database;

    HealingFromCopies(RepositoryProvider provider, DataSource database) {
        this.provider = provider;
        this.database = database;
    }

    /**
     * Heals what it can, from one repository after the other until nothing is damaged; blocks. What keeps one of them from being used is only logged.
     *
     * @throws RunCancelledException if somebody asked for the run to end; what was healed until then stays so
     */
    void heal(RunContext run, Repository damaged) {
        if (damaged.damagedChunks() == 0) {
            return;
        }
        if (damaged.locked()) {
            LOG.warn("nothing heals from copies while the repository in {} is locked", damaged.location());
            return;
        }
        run.enter(RunPhase.HEALING);
        for (UUID id : provider.all()) {
            if (!id.equals(damaged.config().repositoryId()) && damaged.damagedChunks() > 0) {
                healFrom(id, run, damaged);
            }
        }
    }

    private void healFrom(UUID id, RunContext run, Repository damaged) {
        try {
            Repository copies = provider.get(id);
            if (copies.locked() || copies.catalogState() != CatalogState.MATCHES) {
                LOG.warn("nothing heals from {}: it is locked, or its catalog needs a rebuild", copies.location());
                return;
            }
            long chunks = new CopyHealing(damaged, copies).run(run.runId(), run::checkCancelled);
            run.healed(new HealedFrom(HealedFrom.Origin.COPY, copies.location(), chunks));
            LOG.info("{} chunks of {} healed from {}", chunks, damaged.location(), copies.location());
        } catch (RunCancelledException e) {
            throw e;
        } catch (RuntimeException e) {
            LOG.warn(
                    "nothing more heals from repository {}: {}",
                    id,
                    Failure.of(e).message(),
                    e);
        }
    }

    /** Lets go of what a scrub held whose process died. On a thread of its own, for it asks all stores. */
    @EventListener
    void ended(RunEnded event) {
        if (event.run().kind() == RunKind.SCRUB && event.run().state() == RunState.INTERRUPTED) {
            Thread.ofVirtual().start(() -> letGo(event.run().id()));
        }
    }

    // What needs the database only first, for all: a lease that nobody ends keeps its repository from being reclaimed
    // for ever.
    private void letGo(UUID run) {
        List<UUID> all = provider.all();
        eachPair(run, all, (damaged, copies) -> CopyHealing.bar(database, run, damaged, copies));
        eachPair(run, all, (damaged, copies) -> new CopyHealing(provider.get(damaged), provider.get(copies)).end(run));
    }

    private static void eachPair(UUID run, List<UUID> all, BiConsumer<UUID, UUID> step) {
        for (UUID damaged : all) {
            for (UUID copies : all) {
                if (!copies.equals(damaged)) {
                    quietly(run, () -> step.accept(damaged, copies));
                }
            }
        }
    }

    private static void quietly(UUID run, Runnable step) {
        try {
            step.run();
        } catch (RuntimeException e) {
            LOG.warn("what scrub {} left stays for now: {}", run, Failure.of(e).message());
        }
    }
}
