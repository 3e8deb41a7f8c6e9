package dev.nightjar.service.repository;

import dev.nightjar.service.run.RunKind;
import dev.nightjar.service.run.RunLauncher;
import dev.nightjar.service.run.RunRequest;
import dev.nightjar.service.run.RunTrigger;
import dev.nightjar.service.run.RunView;
import dev.nightjar.storage.repository.Repository;
import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.tags.Tag;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpStatus;
import org.springframework.http.MediaType;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.ResponseStatus;
import org.springframework.web.bind.annotation.RestController;

/** The primary repository over REST. */
@RestController
@RequestMapping(path = "/api/v1/repository", produces = MediaType.APPLICATION_JSON_VALUE)
@Tag(name = "Repository")
class RepositoryController {

    private final RepositoryProvider provider;
    private final RepositoryViews views;
    private final RunLauncher launcher;

    RepositoryController(RepositoryProvider provider, RepositoryViews views, RunLauncher launcher) {
        this.provider = provider;
        this.views = views;
        this.launcher = launcher;
    }

    @GetMapping
    @Operation(summary = "The primary repository's facts")
    RepositoryView get() {
        provider.get();
        return views.of(provider.primary());
    }

    @PostMapping("/rebuild")
    @ResponseStatus(HttpStatus.ACCEPTED)
    @Operation(summary = "Recreate the catalog of a repository from its packs and point records")
    RunView rebuild(@RequestParam(required = false) @Nullable UUID repositoryId) {
        Repository repository = provider.getOrPrimary(repositoryId);
        repository.requireUnlocked();
        RebuildTask task = new RebuildTask(repository);
        return launcher.submit(new RunRequest(
                RunKind.REBUILD, RunTrigger.MANUAL, null, null, null, null, repository.location(), task));
    }
}
