package dev.nightjar.service.upkeep;

import dev.nightjar.service.repository.RepositoryProvider;
import dev.nightjar.service.run.RunView;
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

/** Proofs of what is stored, over REST. */
@RestController
@RequestMapping(path = "/api/v1/repository/scrub", produces = MediaType.APPLICATION_JSON_VALUE)
@Tag(name = "Repository")
class ScrubController {

    private final RepositoryProvider provider;
    private final Scrubbing scrubbing;
    private final ScrubProperties properties;

    ScrubController(RepositoryProvider provider, Scrubbing scrubbing, ScrubProperties properties) {
        this.provider = provider;
        this.scrubbing = scrubbing;
        this.properties = properties;
    }

    @GetMapping
    @Operation(summary = "When what is stored was proven")
    ScrubView get(@RequestParam(required = false) @Nullable UUID repositoryId) {
        return ScrubView.of(provider.getOrPrimary(repositoryId).proofs(), properties.within());
    }

    @PostMapping
    @ResponseStatus(HttpStatus.ACCEPTED)
    @Operation(summary = "Read a whole repository and check every byte; one that was cut off goes on where it was")
    RunView scrub(@RequestParam(required = false) @Nullable UUID repositoryId) {
        return scrubbing.scrubEverything(repositoryId);
    }
}
