package dev.nightjar.service.schedule;

import dev.nightjar.service.policy.Policies;
import dev.nightjar.service.policy.Policy;
import java.time.Instant;
import java.util.Optional;
import java.util.UUID;
import org.quartz.JobExecutionContext;
import org.springframework.scheduling.quartz.QuartzJobBean;

/** A slot is due: sets the next one, then starts the backups. Made by Quartz for each firing. */
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
        Instant slot = Instant.parse(context.getMergedJobDataMap().getString(PolicyClock.SLOT));
        Optional<Policy> policy = policies.find(id).filter(Policy::enabled);
        if (policy.isPresent()) {
            clock.advance(id);
            runs.startSlot(policy.get(), slot);
        }
    }
}
