package dev.nightjar.service.schedule;

import dev.nightjar.service.policy.Policies;
import dev.nightjar.service.run.RunView;
import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.tags.Tag;
import java.util.List;
import java.util.UUID;
import org.springframework.http.HttpStatus;
import org.springframework.http.MediaType;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.ResponseStatus;
import org.springframework.web.bind.annotation.RestController;

/** Running a policy by hand. */
@RestController
@RequestMapping(path = "/api/v1/policies", produces = MediaType.APPLICATION_JSON_VALUE)
@Tag(name = "Policies")
class PolicyRunController {

    private final Policies policies;
    private final PolicyRuns runs;

    PolicyRunController(Policies policies, PolicyRuns runs) {
        this.policies = policies;
        this.runs = runs;
    }

    @PostMapping("/{id}/run")
    @ResponseStatus(HttpStatus.ACCEPTED)
    @Operation(summary = "Back up all machines of a policy now")
    List<RunView> run(@PathVariable UUID id) {
        return runs.startNow(policies.get(id));
    }
}
