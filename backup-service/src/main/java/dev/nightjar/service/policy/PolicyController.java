package dev.nightjar.service.policy;

import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.tags.Tag;
import jakarta.validation.Valid;
import jakarta.validation.constraints.NotNull;
import java.time.Clock;
import java.time.Instant;
import java.util.List;
import java.util.UUID;
import org.springframework.http.HttpStatus;
import org.springframework.http.MediaType;
import org.springframework.web.bind.annotation.DeleteMapping;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.PutMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.ResponseStatus;
import org.springframework.web.bind.annotation.RestController;

/** Policies over REST. */
@RestController
@RequestMapping(path = "/api/v1/policies", produces = MediaType.APPLICATION_JSON_VALUE)
@Tag(name = "Policies")
class PolicyController {

    private static final int PREVIEWED = 5;

    private final Policies policies;
    private final Clock clock;

    PolicyController(Policies policies, Clock clock) {
        this.policies = policies;
        this.clock = clock;
    }

    @GetMapping
    @Operation(summary = "All policies, by name")
    List<PolicyView> list() {
        return policies.all().stream().map(this::view).toList();
    }

    @GetMapping("/{id}")
    @Operation(summary = "A policy")
    PolicyView get(@PathVariable UUID id) {
        return view(policies.get(id));
    }

    @PostMapping
    @ResponseStatus(HttpStatus.CREATED)
    @Operation(summary = "Add a policy")
    PolicyView add(@Valid @RequestBody PolicyRequest request) {
        return view(policies.add(request));
    }

    @PutMapping("/{id}")
    @Operation(summary = "Change a policy")
    PolicyView change(@PathVariable UUID id, @Valid @RequestBody PolicyRequest request) {
        return view(policies.change(id, request));
    }

    @DeleteMapping("/{id}")
    @ResponseStatus(HttpStatus.NO_CONTENT)
    @Operation(summary = "Remove a policy; machines and recovery points stay")
    void remove(@PathVariable UUID id) {
        policies.remove(id);
    }

    @PostMapping("/preview")
    @Operation(summary = "The next slots of a schedule")
    SchedulePreview preview(@Valid @RequestBody SchedulePreviewRequest request) {
        Schedule schedule = Schedule.parse(request.schedule(), request.timeZone());
        return new SchedulePreview(schedule.next(clock.instant(), PREVIEWED));
    }

    private PolicyView view(Policy policy) {
        return PolicyView.of(policy, clock.instant());
    }

    /**
     * A schedule to look at.
     *
     * @param schedule cron fields
     * @param timeZone a region
     */
    record SchedulePreviewRequest(
            @NotNull String schedule, @NotNull String timeZone) {}

    /**
     * When a schedule fires next.
     *
     * @param nextRuns five instants, or fewer if the schedule ends
     */
    record SchedulePreview(List<Instant> nextRuns) {}
}
