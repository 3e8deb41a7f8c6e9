package dev.nightjar.service.run;

import dev.nightjar.service.error.NightjarException;
import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.tags.Tag;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.data.domain.Page;
import org.springframework.http.MediaType;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;
import org.springframework.web.servlet.mvc.method.annotation.SseEmitter;

/** Runs over REST. */
@RestController
@RequestMapping(path = "/api/v1/runs", produces = MediaType.APPLICATION_JSON_VALUE)
@Tag(name = "Runs")
class RunController {

    private static final int MOST = 200;

    private final RunLauncher launcher;
    private final RunStore store;
    private final RunEvents events;

    RunController(RunLauncher launcher, RunStore store, RunEvents events) {
        this.launcher = launcher;
        this.store = store;
        this.events = events;
    }

    @GetMapping
    @Operation(summary = "Runs, newest first")
    RunPage list(
            @RequestParam(required = false) @Nullable UUID machineId,
            @RequestParam(required = false) @Nullable RunKind kind,
            @RequestParam(required = false) @Nullable RunState state,
            @RequestParam(defaultValue = "0") int page,
            @RequestParam(defaultValue = "50") int size) {
        Page<RunView> found = store.search(machineId, kind, state, Math.max(0, page), Math.clamp(size, 1, MOST));
        List<RunView> items =
                found.stream().map(run -> launcher.find(run.id()).orElse(run)).toList();
        return new RunPage(items, found.getTotalElements());
    }

    @GetMapping("/{id}")
    @Operation(summary = "A run as it is now")
    RunView get(@PathVariable UUID id) {
        return launcher.find(id).orElseThrow(() -> NightjarException.notFound("RUN_NOT_FOUND", "run", id));
    }

    @PostMapping("/{id}/cancel")
    @Operation(summary = "Ask a run to end")
    RunView cancel(@PathVariable UUID id) {
        return launcher.cancel(id);
    }

    @GetMapping(path = "/{id}/events", produces = MediaType.TEXT_EVENT_STREAM_VALUE)
    @Operation(summary = "A run, live: events 'progress', 'state' and 'done', each with the whole run")
    SseEmitter watch(@PathVariable UUID id) {
        return events.watch(get(id));
    }

    @GetMapping(path = "/events", produces = MediaType.TEXT_EVENT_STREAM_VALUE)
    @Operation(summary = "All runs, live: events 'progress', 'state' and 'done', each with the whole run")
    SseEmitter watchAll() {
        return events.watchAll();
    }

    /**
     * Some runs of a longer list.
     *
     * @param items the runs
     * @param total how many there are in all
     */
    record RunPage(List<RunView> items, long total) {}
}
