package dev.nightjar.service.schedule;

import dev.nightjar.service.policy.Policies;
import dev.nightjar.service.policy.Policy;
import java.time.Instant;
import java.util.Optional;
import java.util.UUID;
import org.quartz.JobDataMap;
import org.quartz.JobExecutionContext;
import org.quartz.Scheduler;
import org.springframework.scheduling.quartz.QuartzJobBean;

/** A slot is due: sets the next one, then starts the backups. Made by Quartz for each firing, and again if the node died that did so. */
class SlotJob extends QuartzJobBean {

    private final Policies policies;
    private final PolicyClock clock;
    private final PolicyRuns runs;

    SlotJob(Policies policies, PolicyClock clock, PolicyRuns runs) {
        this.policies = policies;
        this.clock = clock;
        this.runs = runs;
    }

    @Override
    protected void executeInternal(JobExecutionContext context) {
        UUID id = UUID.fromString(context.getMergedJobDataMap().getString(PolicyClock.POLICY));
        Instant slot = slot(context);
        Optional<Policy> policy = policies.find(id).filter(Policy::enabled);
        if (policy.isPresent()) {
            clock.advance(id);
            runs.startSlot(policy.get(), slot);
        }
    }

    // The node that had fired it died: by now the trigger may be set for the next slot already.
    private static Instant slot(JobExecutionContext context) {
        JobDataMap data = context.getMergedJobDataMap();
        return context.isRecovering()
                ? Instant.ofEpochMilli(Long.parseLong(
                        data.getString(Scheduler.FAILED_JOB_ORIGINAL_TRIGGER_SCHEDULED_FIRETIME_IN_MILLISECONDS)))
                : Instant.parse(data.getString(PolicyClock.SLOT));
    }
}
