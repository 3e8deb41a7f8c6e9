package dev.nightjar.service.upkeep;

import dev.nightjar.service.error.NightjarException;
import dev.nightjar.service.repository.RepositoryProvider;
import dev.nightjar.service.run.RunKind;
import dev.nightjar.service.run.RunLauncher;
import dev.nightjar.service.run.RunPhase;
import dev.nightjar.service.run.RunRequest;
import dev.nightjar.service.run.RunTask;
import dev.nightjar.service.run.RunTrigger;
import dev.nightjar.service.run.RunView;
import dev.nightjar.storage.reclaim.ReclaimReport;
import dev.nightjar.storage.repository.Repository;
import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.tags.Tag;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpStatus;
import org.springframework.http.MediaType;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.ResponseStatus;
import org.springframework.web.bind.annotation.RestController;

/** Upkeep over REST. */
@RestController
@RequestMapping(path = "/api/v1/repository", produces = MediaType.APPLICATION_JSON_VALUE)
@Tag(name = "Repository")
class ReclaimController {

    private final RepositoryProvider provider;
    private final Reclaiming reclaiming;
    private final RunLauncher launcher;

    ReclaimController(RepositoryProvider provider, Reclaiming reclaiming, RunLauncher launcher) {
        this.provider = provider;
        this.reclaiming = reclaiming;
        this.launcher = launcher;
    }

    @PostMapping("/reclaim")
    @ResponseStatus(HttpStatus.ACCEPTED)
    @Operation(
            summary = "Free the space of what no recovery point needs; what is found is deleted after the grace period")
    RunView reclaim(@RequestParam(required = false) @Nullable UUID repositoryId) {
        Repository repository = provider.getOrPrimary(repositoryId);
        RunTask task = run -> {
            run.enter(RunPhase.CLEANING);
            ReclaimReport report = reclaiming
                    .tryReclaim(repository)
                    .orElseThrow(() -> new NightjarException(
                            HttpStatus.CONFLICT,
                            "RECLAIM_BUSY",
                            "space is being reclaimed already, here or on another node",
                            "Wait for it to end; what it leaves is reclaimed by the next one."));
            run.totals(report.freedBytes());
            run.advance(report.freedBytes());
        };
        return launcher.submit(new RunRequest(
                RunKind.RECLAIM, RunTrigger.MANUAL, null, null, null, null, repository.location(), task));
    }
}
