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
import org.springframework.core.annotation.Order;
import org.springframework.scheduling.annotation.Scheduled;
import org.springframework.stereotype.Component;
import org.springframework.transaction.annotation.Propagation;
import org.springframework.transaction.annotation.Transactional;
import org.springframework.transaction.event.TransactionPhase;
import org.springframework.transaction.event.TransactionalEventListener;

/**
 * Keeps one Quartz trigger per enabled policy, for its next slot. A slot that passed while the service was down fires once, when it is up again.
 * Quartz only says when; that a slot is run once is the run's claim. Thread-safe.
 */
@Component
@Order(10)
class PolicyClock implements ApplicationRunner {

    static final String POLICY = "policy";
    static final String SLOT = "slot";
    private static final String GROUP = "policies";

    private final Scheduler scheduler;
    private final Policies policies;
    private final Clock clock;

    PolicyClock(Scheduler scheduler, Policies policies, Clock clock) {
        this.scheduler = scheduler;
        this.policies = policies;
        this.clock = clock;
    }

    @Override
    public void run(ApplicationArguments arguments) throws SchedulerException {
        setMissing();
    }

    /** Policies without a trigger get one, whatever lost it; those that have one keep it, passed or not. */
    @Scheduled(initialDelay = 1, fixedDelay = 1, timeUnit = TimeUnit.MINUTES)
    void setMissing() throws SchedulerException {
        for (Policy policy : policies.all()) {
            if (policy.enabled() && !scheduler.checkExists(trigger(policy.id()))) {
                set(policy, clock.instant());
            }
        }
    }

    // A transaction of its own: the one that changed the policy is over, and Quartz's locks need one.
    @Transactional(propagation = Propagation.REQUIRES_NEW)
    @TransactionalEventListener(phase = TransactionPhase.AFTER_COMMIT)
    void changed(PolicyChanged event) throws SchedulerException {
        Optional<Policy> policy = policies.find(event.policyId()).filter(Policy::enabled);
        scheduler.deleteJob(job(event.policyId()));
        if (policy.isPresent()) {
            set(policy.get(), clock.instant());
        }
    }

    /** Sets the trigger for the slot after the one that fired. */
    void advance(Policy policy) {
        try {
            set(policy, clock.instant());
        } catch (SchedulerException e) {
            throw new NightjarException(
                    "SCHEDULER_FAILED",
                    "the next slot of policy " + policy.name() + " could not be set: " + e.getMessage(),
                    "Save the policy again; the log has the details.",
                    e);
        }
    }

    private void set(Policy policy, Instant after) throws SchedulerException {
        Optional<Instant> slot = policy.schedule().next(after);
        if (slot.isEmpty()) {
            return;
        }
        JobDetail detail = JobBuilder.newJob(SlotJob.class)
                .withIdentity(job(policy.id()))
                .usingJobData(POLICY, policy.id().toString())
                .storeDurably()
                .requestRecovery()
                .build();
        scheduler.addJob(detail, true);
        Trigger trigger = TriggerBuilder.newTrigger()
                .withIdentity(trigger(policy.id()))
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
