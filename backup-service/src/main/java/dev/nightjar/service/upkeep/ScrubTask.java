package dev.nightjar.service.upkeep;

import dev.nightjar.service.error.NightjarException;
import dev.nightjar.service.run.HealedFrom;
import dev.nightjar.service.run.RunContext;
import dev.nightjar.service.run.RunPhase;
import dev.nightjar.service.run.RunTask;
import dev.nightjar.storage.repository.Repository;
import dev.nightjar.storage.scrub.ScrubLimits;
import dev.nightjar.storage.scrub.ScrubProgress;
import dev.nightjar.storage.scrub.ScrubReport;
import io.micrometer.core.instrument.MeterRegistry;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.stereotype.Component;

/** One scrub as a run. It fails if something is damaged when it ends, so that nobody overlooks that. */
final class ScrubTask implements RunTask {

    private static final Logger LOG = LoggerFactory.getLogger(ScrubTask.class);

    private final Repository repository;
    private final ScrubLimits limits;
    private final Meters meters;
    private final HealingFromCopies healing;
    private long readBytes;

    ScrubTask(Repository repository, ScrubLimits limits, Meters meters, HealingFromCopies healing) {
        this.repository = repository;
        this.limits = limits;
        this.meters = meters;
        this.healing = healing;
    }

    /** What scrubs count. Thread-safe. */
    @Component
    static class Meters {

        private final MeterRegistry registry;

        Meters(MeterRegistry registry) {
            this.registry = registry;
        }

        private void count(ScrubReport report) {
            registry.counter("nightjar.scrub.packs", "found", "proven").increment((double) report.provenPacks());
            registry.counter("nightjar.scrub.packs", "found", "damaged").increment((double) report.damagedPacks());
            registry.counter("nightjar.scrub.bytes").increment((double) report.readBytes());
            healed(report.healedChunks());
        }

        private void healed(long chunks) {
            registry.counter("nightjar.scrub.healed.chunks").increment((double) Math.max(0, chunks));
        }
    }

    @Override
    public void execute(RunContext run) {
        run.enter(RunPhase.SCRUBBING);
        ScrubReport report = repository.scrub(limits, progress -> tell(run, progress));
        meters.count(report);
        LOG.info("scrubbed: {}", report);
        run.healed(new HealedFrom(HealedFrom.Origin.REPOSITORY, null, report.healedChunks()));
        healing.heal(run, repository);
        long damagedChunks = repository.damagedChunks();
        meters.healed(report.damagedChunks() - damagedChunks);
        if (damagedChunks > 0 || report.damagedRecords() > 0) {
            throw damaged(damagedChunks, report.damagedRecords());
        }
    }

    private void tell(RunContext run, ScrubProgress progress) {
        run.checkCancelled();
        run.totals(progress.plannedBytes());
        run.advance(progress.bytes() - readBytes);
        readBytes = progress.bytes();
    }

    private static NightjarException damaged(long chunks, long records) {
        return new NightjarException(
                "REPOSITORY_DAMAGED",
                chunks + " chunks cannot be read, and " + records + " records of recovery points are damaged",
                "The repository's page says which recovery points that reaches. Back up the machines: what they still have heals by that. Look into the kernel's log for errors of the disk.");
    }
}
