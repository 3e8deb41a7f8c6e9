package dev.nightjar.service.backup;

import dev.nightjar.service.machine.Machine;
import dev.nightjar.service.machine.Machines;
import dev.nightjar.service.repository.RepositoryProvider;
import dev.nightjar.service.run.RunKind;
import dev.nightjar.service.run.RunLauncher;
import dev.nightjar.service.run.RunRequest;
import dev.nightjar.service.run.RunTask;
import dev.nightjar.service.run.RunView;
import dev.nightjar.service.source.Sources;
import java.util.UUID;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.context.ApplicationEventPublisher;
import org.springframework.stereotype.Service;

/** Starts backups. Thread-safe. */
@Service
public class BackupService {

    private static final Logger LOG = LoggerFactory.getLogger(BackupService.class);

    private final Machines machines;
    private final RepositoryProvider repository;
    private final Sources sources;
    private final RunLauncher launcher;
    private final ApplicationEventPublisher events;

    BackupService(
            Machines machines,
            RepositoryProvider repository,
            Sources sources,
            RunLauncher launcher,
            ApplicationEventPublisher events) {
        this.machines = machines;
        this.repository = repository;
        this.sources = sources;
        this.launcher = launcher;
        this.events = events;
    }

    /**
     * Starts a backup of a machine and returns at once; what becomes of it is the run's to tell.
     *
     * @throws dev.nightjar.service.error.NightjarException MACHINE_NOT_FOUND, MACHINE_BUSY, SLOT_TAKEN; nothing has begun then
     */
    public RunView start(UUID machineId, BackupRequest request) {
        Machine machine = machines.get(machineId);
        BackedUpMachine backedUp = new BackedUpMachine(machine.id(), machine.name(), machine.source());
        BackupTask backup = new BackupTask(backedUp, request, repository::get, sources);
        RunTask task = context -> {
            backup.execute(context);
            tell(new BackupCompleted(context.runId(), machineId, request.policyId()));
        };
        return launcher.submit(new RunRequest(
                RunKind.BACKUP,
                request.trigger(),
                machineId,
                machine.name(),
                request.policyId(),
                request.slot(),
                null,
                task));
    }

    // The points stand: what goes wrong afterwards must not make the run say that they do not.
    private void tell(BackupCompleted completed) {
        try {
            events.publishEvent(completed);
        } catch (RuntimeException e) {
            LOG.warn("after backup {} of machine {}", completed.runId(), completed.machineId(), e);
        }
    }
}
