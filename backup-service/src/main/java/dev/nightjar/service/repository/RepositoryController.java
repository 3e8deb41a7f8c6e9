package dev.nightjar.service.repository;

import dev.nightjar.service.run.RunKind;
import dev.nightjar.service.run.RunLauncher;
import dev.nightjar.service.run.RunRequest;
import dev.nightjar.service.run.RunTrigger;
import dev.nightjar.service.run.RunView;
import dev.nightjar.storage.repository.CatalogState;
import dev.nightjar.storage.repository.Repository;
import dev.nightjar.storage.repository.RepositoryTotals;
import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.tags.Tag;
import org.springframework.http.HttpStatus;
import org.springframework.http.MediaType;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.ResponseStatus;
import org.springframework.web.bind.annotation.RestController;

/** The repository over REST. */
@RestController
@RequestMapping(path = "/api/v1/repository", produces = MediaType.APPLICATION_JSON_VALUE)
@Tag(name = "Repository")
class RepositoryController {

    private final RepositoryProvider provider;
    private final RunLauncher launcher;

    RepositoryController(RepositoryProvider provider, RunLauncher launcher) {
        this.provider = provider;
        this.launcher = launcher;
    }

    @GetMapping
    @Operation(summary = "The repository's facts")
    RepositoryView get() {
        Repository repository = provider.get();
        RepositoryTotals totals = repository.totals();
        return new RepositoryView(
                repository.config().repositoryId(),
                repository.location(),
                "directory",
                repository.config().chunkSize().bytes(),
                repository.config().formatVersion(),
                totals.packs(),
                totals.storedBytes(),
                totals.points(),
                totals.chunks(),
                switch (repository.catalogState()) {
                    case CatalogState.MATCHES -> RepositoryView.Catalog.MATCHES;
                    case CatalogState.NEEDS_REBUILD -> RepositoryView.Catalog.NEEDS_REBUILD;
                });
    }

    @PostMapping("/rebuild")
    @ResponseStatus(HttpStatus.ACCEPTED)
    @Operation(summary = "Recreate the catalog from the repository")
    RunView rebuild() {
        RebuildTask task = new RebuildTask(provider.get());
        return launcher.submit(new RunRequest(RunKind.REBUILD, RunTrigger.MANUAL, null, null, null, null, null, task));
    }
}
