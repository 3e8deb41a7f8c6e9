package dev.nightjar.service.copy;

import dev.nightjar.service.error.Failure;
import dev.nightjar.service.repository.RepositoryProvider;
import dev.nightjar.service.run.RunTrigger;
import dev.nightjar.service.run.RunView;
import dev.nightjar.storage.copy.PointCopy;
import dev.nightjar.storage.point.PointRecord;
import dev.nightjar.storage.repository.Repository;
import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.tags.Tag;
import jakarta.validation.Valid;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpStatus;
import org.springframework.http.MediaType;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.PutMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.ResponseStatus;
import org.springframework.web.bind.annotation.RestController;

/** Copies over REST. */
@RestController
@RequestMapping(path = "/api/v1", produces = MediaType.APPLICATION_JSON_VALUE)
@Tag(name = "Copies")
class CopyController {

    private final Copying copying;
    private final CopyTargetRows targets;
    private final RepositoryProvider repositories;

    CopyController(Copying copying, CopyTargetRows targets, RepositoryProvider repositories) {
        this.copying = copying;
        this.targets = targets;
        this.repositories = repositories;
    }

    @GetMapping("/copies")
    @Operation(summary = "The repositories that points are copied to, and how far that is")
    List<CopyTargetView> list() {
        return copying.targets().stream().map(this::view).toList();
    }

    @PutMapping("/copies/{repositoryId}")
    @Operation(summary = "Choose when points are copied to a repository, and how long copies stay")
    CopyTargetView choose(@PathVariable UUID repositoryId, @Valid @RequestBody CopyRequest request) {
        copying.requireTarget(repositoryId);
        targets.choose(repositoryId, request.choice());
        return view(repositoryId);
    }

    @PostMapping("/copies/{repositoryId}/run")
    @ResponseStatus(HttpStatus.ACCEPTED)
    @Operation(summary = "Copy every point that a repository lacks")
    RunView run(@PathVariable UUID repositoryId) {
        return copying.start(repositoryId, RunTrigger.MANUAL);
    }

    @GetMapping("/points/{id}/copies")
    @Operation(summary = "Which repositories beside the one that is named, or the primary one, have a recovery point")
    List<PointCopyView> copies(@PathVariable UUID id, @RequestParam(required = false) @Nullable UUID repositoryId) {
        UUID here = repositoryId == null ? repositories.primary() : repositoryId;
        return repositories.all().stream()
                .filter(other -> !other.equals(here))
                .map(other -> copy(other, id))
                .toList();
    }

    private CopyTargetView view(UUID target) {
        CopyChoice choice = targets.choice(target);
        try {
            boolean running = copying.isRunning(target);
            Repository primary = repositories.get();
            int missing =
                    new PointCopy(primary, repositories.get(target)).missing().size();
            return new CopyTargetView(
                    target,
                    choice.when(),
                    choice.keepDays(),
                    running,
                    primary.points().size() - missing,
                    missing,
                    null);
        } catch (RuntimeException e) {
            return new CopyTargetView(
                    target,
                    choice.when(),
                    choice.keepDays(),
                    false,
                    null,
                    null,
                    Failure.of(e).message());
        }
    }

    private PointCopyView copy(UUID target, UUID point) {
        try {
            Repository repository = repositories.get(target);
            boolean present = repository.points().stream().map(PointRecord::id).anyMatch(point::equals);
            return new PointCopyView(target, repository.location(), present, null);
        } catch (RuntimeException e) {
            return new PointCopyView(target, null, null, Failure.of(e).message());
        }
    }
}
