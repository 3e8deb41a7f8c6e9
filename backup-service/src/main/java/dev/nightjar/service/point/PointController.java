package dev.nightjar.service.point;

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

/** Recovery points over REST. */
@RestController
@RequestMapping(path = "/api/v1/points", produces = MediaType.APPLICATION_JSON_VALUE)
@Tag(name = "Recovery points")
class PointController {

    private final Points points;

    PointController(Points points) {
        this.points = points;
    }

    @GetMapping
    @Operation(summary = "Recovery points of a repository, the primary one if none is named; newest first")
    List<PointView> list(
            @RequestParam(required = false) @Nullable UUID machineId,
            @RequestParam(required = false) @Nullable UUID repositoryId) {
        return points.views(repositoryId, machineId);
    }

    @GetMapping("/{id}")
    @Operation(summary = "A recovery point")
    PointView get(@PathVariable UUID id, @RequestParam(required = false) @Nullable UUID repositoryId) {
        return points.view(repositoryId, id);
    }

    @PostMapping("/{id}/lock")
    @Operation(
            summary =
                    "Lock a recovery point until a date; a lock can be extended, but neither removed nor made shorter")
    PointView lock(
            @PathVariable UUID id,
            @RequestParam(required = false) @Nullable UUID repositoryId,
            @Valid @RequestBody LockRequest request) {
        points.lock(repositoryId, id, request.until());
        return points.view(repositoryId, id);
    }

    @DeleteMapping("/{id}")
    @ResponseStatus(HttpStatus.NO_CONTENT)
    @Operation(summary = "Delete a recovery point; no other point depends on it")
    void delete(@PathVariable UUID id, @RequestParam(required = false) @Nullable UUID repositoryId) {
        points.delete(repositoryId, id);
    }
}
