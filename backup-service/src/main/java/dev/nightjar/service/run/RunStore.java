package dev.nightjar.service.run;

import dev.nightjar.service.error.NightjarException;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.dao.DataIntegrityViolationException;
import org.springframework.data.domain.Page;
import org.springframework.data.domain.PageRequest;
import org.springframework.http.HttpStatus;
import org.springframework.stereotype.Component;
import tools.jackson.databind.json.JsonMapper;

/** Keeps runs in the database. Thread-safe; every method is a transaction of its own. */
@Component
class RunStore {

    private static final Set<RunState> ACTIVE = Set.of(RunState.QUEUED, RunState.RUNNING);

    private final RunRows rows;
    private final JsonMapper json;

    RunStore(RunRows rows, JsonMapper json) {
        this.rows = rows;
        this.json = json;
    }

    /**
     * Claims a run: the database lets one backup per machine be active, and one run exist per slot.
     *
     * @throws NightjarException MACHINE_BUSY or SLOT_TAKEN; nothing is written then
     */
    void claim(RunView view, RunRequest request) {
        RunEntity entity = RunEntity.fresh(view.id());
        entity.kind = view.kind();
        entity.trigger = view.trigger();
        entity.machineId = view.machineId();
        entity.policyId = view.policyId();
        entity.slot = request.slot();
        entity.createdAt = view.createdAt();
        fill(entity, view);
        try {
            rows.saveAndFlush(entity);
        } catch (DataIntegrityViolationException e) {
            throw conflict(e, view);
        }
    }

    void save(RunView view) {
        rows.findById(view.id()).ifPresent(entity -> {
            fill(entity, view);
            rows.save(entity);
        });
    }

    /** Writes down how far a run has come, unless its end is written down already. */
    void saveProgress(RunView view) {
        rows.saveProgress(view.id(), view.state(), json.writeValueAsString(view), ACTIVE);
    }

    Optional<RunView> find(UUID id) {
        return rows.findById(id).map(this::view);
    }

    Page<RunView> search(
            @Nullable UUID machineId, @Nullable RunKind kind, @Nullable RunState state, int page, int size) {
        return rows.search(machineId, kind, state, PageRequest.of(page, size)).map(this::view);
    }

    List<RunView> unfinished() {
        return rows.findByStateIn(ACTIVE).stream().map(this::view).toList();
    }

    Optional<RunView> latestBackup(UUID machineId) {
        return rows.findFirstByMachineIdAndKindOrderByCreatedAtDesc(machineId, RunKind.BACKUP)
                .map(this::view);
    }

    boolean active(UUID machineId) {
        return rows.existsByMachineIdAndStateIn(machineId, ACTIVE);
    }

    private void fill(RunEntity entity, RunView view) {
        entity.state = view.state();
        entity.finishedAt = view.finishedAt();
        entity.document = json.writeValueAsString(view);
    }

    private RunView view(RunEntity entity) {
        return json.readValue(entity.document, RunView.class);
    }

    private static RuntimeException conflict(DataIntegrityViolationException e, RunView view) {
        String message = String.valueOf(e.getMostSpecificCause().getMessage());
        if (message.contains("run_one_backup_per_machine")) {
            return new NightjarException(
                    HttpStatus.CONFLICT,
                    "MACHINE_BUSY",
                    "a backup of " + view.machineName() + " is active already",
                    "Wait for it to end, or cancel it.",
                    e);
        }
        if (message.contains("run_one_per_slot")) {
            return new NightjarException(
                    HttpStatus.CONFLICT,
                    "SLOT_TAKEN",
                    "this slot of the policy has been run for " + view.machineName(),
                    "Nothing is to be done: a slot is run once.",
                    e);
        }
        return e;
    }
}
