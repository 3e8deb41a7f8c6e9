package dev.nightjar.service.schedule;

import dev.nightjar.service.backup.BackupRequest;
import dev.nightjar.service.backup.BackupService;
import dev.nightjar.service.error.NightjarException;
import dev.nightjar.service.policy.Policy;
import dev.nightjar.service.run.RunTrigger;
import dev.nightjar.service.run.RunView;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.stereotype.Component;

/** Starts the backups of a policy, one run per machine. Thread-safe. */
@Component
class PolicyRuns {

    private static final Logger LOG = LoggerFactory.getLogger(PolicyRuns.class);

    private final BackupService backups;

    PolicyRuns(BackupService backups) {
        this.backups = backups;
    }

    /** Starts a slot's runs. A machine that is busy, or whose slot somebody else claimed, is passed over with a line in the log. */
    void startSlot(Policy policy, Instant slot) {
        for (UUID machine : policy.machineIds()) {
            try {
                backups.start(
                        machine,
                        new BackupRequest(false, null, policy.onUnreadable(), RunTrigger.SCHEDULE, policy.id(), slot));
            } catch (RuntimeException e) {
                LOG.warn(
                        "slot {} of policy {} passes machine {} over: {}",
                        slot,
                        policy.name(),
                        machine,
                        e.getMessage());
            }
        }
    }

    /**
     * Starts the runs now, outside of the schedule.
     *
     * @throws NightjarException what kept the first run from starting, if none could be started
     */
    List<RunView> startNow(Policy policy) {
        List<RunView> started = new ArrayList<>();
        NightjarException refused = null;
        for (UUID machine : policy.machineIds()) {
            try {
                started.add(backups.start(
                        machine,
                        new BackupRequest(false, null, policy.onUnreadable(), RunTrigger.MANUAL, policy.id(), null)));
            } catch (NightjarException e) {
                refused = refused == null ? e : refused;
            }
        }
        if (started.isEmpty() && refused != null) {
            throw refused;
        }
        return started;
    }
}
