package dev.nightjar.service.restore;

import dev.nightjar.service.config.NightjarProperties;
import dev.nightjar.service.repository.RepositoryProvider;
import dev.nightjar.service.run.RunContext;
import dev.nightjar.service.run.RunKind;
import dev.nightjar.service.run.RunLauncher;
import dev.nightjar.service.run.RunRequest;
import dev.nightjar.service.run.RunTask;
import dev.nightjar.service.run.RunTrigger;
import dev.nightjar.service.run.RunView;
import dev.nightjar.storage.recover.RecoveryPointReader;
import dev.nightjar.storage.repository.Repository;
import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.media.Schema;
import io.swagger.v3.oas.annotations.tags.Tag;
import jakarta.validation.Valid;
import jakarta.validation.constraints.NotNull;
import java.nio.file.Path;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpStatus;
import org.springframework.http.MediaType;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.ResponseStatus;
import org.springframework.web.bind.annotation.RestController;

/** Restores over REST. */
@RestController
@RequestMapping(path = "/api/v1/restores", produces = MediaType.APPLICATION_JSON_VALUE)
@Tag(name = "Restores")
class RestoreController {

    private final RepositoryProvider repository;
    private final RunLauncher launcher;
    private final RestoreDirectories directories;

    RestoreController(RepositoryProvider repository, RunLauncher launcher, NightjarProperties properties) {
        this.repository = repository;
        this.launcher = launcher;
        this.directories = new RestoreDirectories(properties.restoreDirectories());
    }

    @PostMapping
    @ResponseStatus(HttpStatus.ACCEPTED)
    @Operation(summary = "Write a recovery point to a file or to an NBD export")
    RunView restore(@Valid @RequestBody RestoreRequest request) {
        Repository from = repository.getOrPrimary(request.repositoryId());
        RecoveryPointReader reader = from.reader(request.pointId());
        // What is wrong with a target is said now, as long as somebody listens.
        return switch (request.target()) {
            case RestoreTarget.FileTarget wanted -> {
                Path file = directories.check(wanted);
                yield start(from, reader, file.toString(), new FileRestore(reader, file, wanted.replaces()));
            }
            case RestoreTarget.NbdTarget nbd -> start(from, reader, nbd.uri(), NbdRestore.to(reader, nbd.uri()));
        };
    }

    private RunView start(Repository from, RecoveryPointReader reader, String target, RunTask task) {
        return launcher.submit(new RunRequest(
                RunKind.RESTORE,
                RunTrigger.MANUAL,
                reader.point().machineId(),
                reader.point().machineName(),
                null,
                null,
                target,
                run -> protectedMeanwhile(from, reader, task, run)));
    }

    // The point may be deleted while it is restored; what it needs stays until the restore has ended.
    private static void protectedMeanwhile(Repository from, RecoveryPointReader reader, RunTask task, RunContext run) {
        from.protect(run.runId(), reader.point().id());
        try {
            task.execute(run);
        } finally {
            from.unprotect(run.runId());
        }
    }

    @GetMapping("/directories")
    @Operation(summary = "Where files may be restored to")
    AllowedDirectories allowed() {
        return new AllowedDirectories(
                directories.allowed().stream().map(Path::toString).toList());
    }

    /**
     * The directories of the service's host that files may be restored below.
     *
     * @param directories absolute paths; those below them are allowed too
     */
    @Schema(name = "RestoreDirectories")
    record AllowedDirectories(List<String> directories) {}

    /**
     * A restore that somebody wants.
     *
     * @param pointId which point
     * @param target where to
     * @param repositoryId which repository has the point; the primary one if left out
     */
    @Schema(name = "RestoreRequest")
    record RestoreRequest(
            @NotNull UUID pointId,
            @NotNull @Valid RestoreTarget target,
            @Nullable UUID repositoryId) {}
}
