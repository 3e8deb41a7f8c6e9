package dev.nightjar.service.schedule;

import dev.nightjar.service.error.NightjarException;
import dev.nightjar.service.policy.Policies;
import dev.nightjar.service.policy.Policy;
import dev.nightjar.service.policy.PolicyChanged;
import java.time.Clock;
import java.time.Instant;
import java.util.Date;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import org.quartz.JobBuilder;
import org.quartz.JobDetail;
import org.quartz.JobKey;
import org.quartz.Scheduler;
import org.quartz.SchedulerException;
import org.quartz.SimpleScheduleBuilder;
import org.quartz.Trigger;
import org.quartz.TriggerBuilder;
import org.quartz.TriggerKey;
import org.springframework.boot.ApplicationArguments;
import org.springframework.boot.ApplicationRunner;
import org.springframework.scheduling.annotation.Scheduled;
import org.springframework.stereotype.Component;
import org.springframework.transaction.PlatformTransactionManager;
import org.springframework.transaction.TransactionDefinition;
import org.springframework.transaction.event.TransactionPhase;
import org.springframework.transaction.event.TransactionalEventListener;
import org.springframework.transaction.support.TransactionTemplate;

/**
 * Keeps one Quartz trigger per enabled policy, for its next slot. A slot that passed while the service was down fires once, when it is up again.
 * Quartz only says when; that a slot is run once is the run's claim. Thread-safe: a trigger is set under the lock of its policy's row, by what
 * the policy says then, so that whoever comes last sets the trigger of its newest schedule.
 */
@Component
class PolicyClock implements ApplicationRunner {

    static final String POLICY = "policy";
    static final String SLOT = "slot";
    private static final String GROUP = "policies";

    private final Scheduler scheduler;
    private final Policies policies;
    private final Clock clock;
    private final TransactionTemplate transaction;

    PolicyClock(Scheduler scheduler, Policies policies, Clock clock, PlatformTransactionManager transactions) {
        this.scheduler = scheduler;
        this.policies = policies;
        this.clock = clock;
        transaction = new TransactionTemplate(transactions);
        // The one that changed the policy is over when its change is heard of.
        transaction.setPropagationBehavior(TransactionDefinition.PROPAGATION_REQUIRES_NEW);
    }

    @Override
    public void run(ApplicationArguments arguments) {
        setMissing();
    }

    /** Policies without a trigger get one, whatever lost it; those that have one keep it, passed or not. */
    @Scheduled(initialDelay = 1, fixedDelay = 1, timeUnit = TimeUnit.MINUTES)
    void setMissing() {
        policies.all().stream().filter(Policy::enabled).forEach(policy -> set(policy.id(), true));
    }

    @TransactionalEventListener(phase = TransactionPhase.AFTER_COMMIT)
    void changed(PolicyChanged event) {
        set(event.policyId(), false);
    }

    /** Sets the trigger for the slot after the one that fired. */
    void advance(UUID policy) {
        set(policy, false);
    }

    private void set(UUID id, boolean onlyIfMissing) {
        transaction.executeWithoutResult(_ -> {
            Optional<Policy> policy = policies.lock(id).filter(Policy::enabled);
            try {
                if (!onlyIfMissing || !scheduler.checkExists(trigger(id))) {
                    set(id, policy.flatMap(known -> known.schedule().next(clock.instant())));
                }
            } catch (SchedulerException e) {
                throw new NightjarException(
                        "SCHEDULER_FAILED",
                        "the next slot of policy " + policy.map(Policy::name).orElse(id.toString())
                                + " could not be set: " + e.getMessage(),
                        "Save the policy again; the log has the details.",
                        e);
            }
        });
    }

    private void set(UUID policy, Optional<Instant> slot) throws SchedulerException {
        if (slot.isEmpty()) {
            scheduler.deleteJob(job(policy));
            return;
        }
        JobDetail detail = JobBuilder.newJob(SlotJob.class)
                .withIdentity(job(policy))
                .usingJobData(POLICY, policy.toString())
                .storeDurably()
                .requestRecovery()
                .build();
        scheduler.addJob(detail, true);
        Trigger trigger = TriggerBuilder.newTrigger()
                .withIdentity(trigger(policy))
                .forJob(detail)
                .startAt(Date.from(slot.get()))
                .usingJobData(SLOT, slot.get().toString())
                .withSchedule(SimpleScheduleBuilder.simpleSchedule().withMisfireHandlingInstructionFireNow())
                .build();
        if (scheduler.checkExists(trigger.getKey())) {
            scheduler.rescheduleJob(trigger.getKey(), trigger);
        } else {
            scheduler.scheduleJob(trigger);
        }
    }

    private static JobKey job(UUID policy) {
        return JobKey.jobKey(policy.toString(), GROUP);
    }

    private static TriggerKey trigger(UUID policy) {
        return TriggerKey.triggerKey(policy.toString(), GROUP);
    }
}
