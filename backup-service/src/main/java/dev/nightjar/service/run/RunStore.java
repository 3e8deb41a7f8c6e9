package dev.nightjar.service.run;

import dev.nightjar.service.error.NightjarException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.springframework.dao.DataIntegrityViolationException;
import org.springframework.data.domain.Page;
import org.springframework.data.domain.PageRequest;
import org.springframework.http.HttpStatus;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;
import tools.jackson.databind.json.JsonMapper;

/** Keeps runs in the database. Thread-safe; every method is a transaction of its own. */
@Component
class RunStore {

    private static final Set<RunState> ACTIVE = Set.of(RunState.QUEUED, RunState.RUNNING);

    // Until then a run may be about to end by itself what it holds.
    private static final String ENDED =
            "state NOT IN ('QUEUED', 'RUNNING') AND finished_at < now() - interval '1 minute'";

    private final RunRows rows;
    private final JdbcClient jdbc;
    private final JsonMapper json;

    RunStore(RunRows rows, JdbcClient jdbc, JsonMapper json) {
        this.rows = rows;
        this.jdbc = jdbc;
        this.json = json;
    }

    /**
     * Claims a run for a node: the database lets one backup per machine, one scrub and one copy per target be active, and one run exist per slot.
     *
     * @throws NightjarException MACHINE_BUSY, SCRUB_ACTIVE, COPY_RUNNING or SLOT_TAKEN; nothing is written then
     */
    void claim(RunView view, RunRequest request, UUID node) {
        RunEntity entity = RunEntity.fresh(view.id());
        entity.kind = view.kind();
        entity.trigger = view.trigger();
        entity.machineId = view.machineId();
        entity.policyId = view.policyId();
        entity.slot = request.slot();
        entity.sole = sole(view);
        entity.node = node;
        entity.createdAt = view.createdAt();
        entity.state = view.state();
        entity.document = json.writeValueAsString(view);
        try {
            rows.saveAndFlush(entity);
        } catch (DataIntegrityViolationException e) {
            throw conflict(e, view);
        }
    }

    /** What the row of a run says to whoever executes it. */
    enum Word {
        /** Go on. */
        GO_ON,
        /** Somebody asked for the run to end. */
        CANCEL,
        /** The run has ended, or was taken for dead. */
        OVER
    }

    /** Writes down how far a run has come, unless its end is written down already. */
    Word saveProgress(RunView view) {
        return jdbc.sql("""
                        UPDATE nightjar.run SET state = :state, document = :document
                        WHERE id = :id AND state IN ('QUEUED', 'RUNNING')
                        RETURNING cancel_requested""")
                .param("id", view.id())
                .param("state", view.state().name())
                .param("document", json.writeValueAsString(view))
                .query((row, number) -> row.getBoolean("cancel_requested") ? Word.CANCEL : Word.GO_ON)
                .optional()
                .orElse(Word.OVER);
    }

    /** Writes down how a run ended; false if that is written down already, perhaps otherwise. */
    boolean end(RunView view) {
        return jdbc.sql("""
                        UPDATE nightjar.run SET state = :state, finished_at = :finished, document = :document
                        WHERE id = :id AND state IN ('QUEUED', 'RUNNING')""")
                        .param("id", view.id())
                        .param("state", view.state().name())
                        .param("finished", at(view.finishedAt()))
                        .param("document", json.writeValueAsString(view))
                        .update()
                == 1;
    }

    /** Asks the node that executes a run to end it; false if it has ended. */
    boolean requestCancel(UUID id) {
        return jdbc.sql(
                                "UPDATE nightjar.run SET cancel_requested = true WHERE id = :id AND state IN ('QUEUED', 'RUNNING')")
                        .param("id", id)
                        .update()
                == 1;
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

    Set<UUID> ended(Collection<UUID> ids) {
        return jdbc.sql("SELECT id FROM nightjar.run WHERE id IN (:ids) AND " + ENDED)
                .param("ids", ids)
                .query((row, _) -> row.getObject("id", UUID.class))
                .set();
    }

    Set<UUID> endedCopiesAndScrubs(Instant since) {
        return jdbc.sql("SELECT id FROM nightjar.run WHERE kind IN ('COPY', 'SCRUB') AND finished_at >= :since AND "
                        + ENDED)
                .param("since", at(since))
                .query((row, _) -> row.getObject("id", UUID.class))
                .set();
    }

    /** Unfinished runs of nodes that have ended. */
    List<RunView> orphans() {
        return rows.findOrphans().stream().map(this::view).toList();
    }

    /** How many runs each node executes. */
    Map<UUID, Long> activeByNode() {
        return rows.findByStateIn(ACTIVE).stream()
                .flatMap(row -> Stream.ofNullable(row.node))
                .collect(Collectors.groupingBy(Function.identity(), Collectors.counting()));
    }

    Optional<RunView> latestBackup(UUID machineId) {
        return rows.findFirstByMachineIdAndKindOrderByCreatedAtDesc(machineId, RunKind.BACKUP)
                .map(this::view);
    }

    Optional<RunView> newestEnded(RunKind kind) {
        return rows.findFirstByKindAndStateNotInOrderByFinishedAtDesc(kind, ACTIVE)
                .map(this::view);
    }

    Optional<RunView> newestEnded(RunKind kind, String target) {
        return rows.findFirstBySoleAndStateNotInOrderByFinishedAtDesc(sole(kind, target), ACTIVE)
                .map(this::view);
    }

    List<RunView> active(RunKind kind) {
        return rows.findByKindAndStateIn(kind, ACTIVE).stream().map(this::view).toList();
    }

    boolean active(UUID machineId) {
        return rows.existsByMachineIdAndStateIn(machineId, ACTIVE);
    }

    /** What a run does that no other may do meanwhile, on whatever node. Backups are told apart by their machines. */
    private static @Nullable String sole(RunView view) {
        return switch (view.kind()) {
            case SCRUB, COPY -> sole(view.kind(), String.valueOf(view.target()));
            case BACKUP, KEEP, RESTORE, REBUILD, RECLAIM -> null;
        };
    }

    private static String sole(RunKind kind, String target) {
        return kind.name() + " " + target;
    }

    private static @Nullable OffsetDateTime at(@Nullable Instant instant) {
        return instant == null ? null : instant.atOffset(ZoneOffset.UTC);
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
        if (message.contains("run_sole")) {
            return busy(view, e);
        }
        return e;
    }

    private static NightjarException busy(RunView view, DataIntegrityViolationException e) {
        return view.kind() == RunKind.COPY
                ? new NightjarException(
                        HttpStatus.CONFLICT,
                        "COPY_RUNNING",
                        "points are being copied to this repository already",
                        "Wait until that has ended, or cancel it.",
                        e)
                : new NightjarException(
                        HttpStatus.CONFLICT,
                        "SCRUB_ACTIVE",
                        "the repository is being scrubbed already",
                        "Wait for that run to end, or cancel it.",
                        e);
    }
}
