package dev.nightjar.service.export;

import dev.nightjar.service.run.RunView;
import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.tags.Tag;
import jakarta.validation.Valid;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpStatus;
import org.springframework.http.MediaType;
import org.springframework.web.bind.annotation.DeleteMapping;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.ResponseStatus;
import org.springframework.web.bind.annotation.RestController;

/** Exports over REST. */
@RestController
@RequestMapping(path = "/api/v1/exports", produces = MediaType.APPLICATION_JSON_VALUE)
@Tag(name = "Exports")
class ExportController {

    private final Exports exports;

    ExportController(Exports exports) {
        this.exports = exports;
    }

    @GetMapping
    @Operation(summary = "Open exports, newest first")
    List<ExportView> list(@RequestParam(required = false) @Nullable UUID pointId) {
        return exports.all().stream()
                .filter(export -> pointId == null || export.pointId().equals(pointId))
                .toList();
    }

    @PostMapping
    @ResponseStatus(HttpStatus.CREATED)
    @Operation(summary = "Serve a recovery point over NBD, read-only or writable")
    ExportView open(@Valid @RequestBody OpenExportRequest request) {
        return exports.open(request);
    }

    @GetMapping("/{id}")
    @Operation(summary = "An export as it is now")
    ExportView get(@PathVariable UUID id) {
        return exports.get(id);
    }

    @DeleteMapping("/{id}")
    @ResponseStatus(HttpStatus.NO_CONTENT)
    @Operation(
            summary =
                    "Close an export; its clients are disconnected. What was written to it is lost only if that is asked for")
    void close(@PathVariable UUID id, @RequestParam(defaultValue = "false") boolean discard) {
        exports.close(id, discard);
    }

    @PostMapping("/{id}/take")
    @Operation(summary = "Serve a read-only export of a node that is gone from this one")
    ExportView take(@PathVariable UUID id) {
        return exports.take(id);
    }

    @PostMapping("/{id}/keep")
    @ResponseStatus(HttpStatus.ACCEPTED)
    @Operation(summary = "Make a recovery point of what was written to an export, then close it")
    RunView keep(@PathVariable UUID id) {
        return exports.keep(id);
    }
}
