package dev.nightjar.service.machine;

import dev.nightjar.service.point.Points;
import dev.nightjar.service.run.RunHistory;
import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.tags.Tag;
import jakarta.validation.Valid;
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

/** Machines over REST. */
@RestController
@RequestMapping(path = "/api/v1/machines", produces = MediaType.APPLICATION_JSON_VALUE)
@Tag(name = "Machines")
class MachineController {

    private final Machines machines;
    private final RunHistory runs;
    private final Points points;
    private final MachinePolicies policies;

    MachineController(Machines machines, RunHistory runs, Points points, MachinePolicies policies) {
        this.machines = machines;
        this.runs = runs;
        this.points = points;
        this.policies = policies;
    }

    @GetMapping
    @Operation(summary = "All machines, by name")
    List<MachineView> list() {
        return machines.all().stream().map(this::view).toList();
    }

    @GetMapping("/{id}")
    @Operation(summary = "A machine")
    MachineView get(@PathVariable UUID id) {
        return view(machines.get(id));
    }

    @PostMapping
    @ResponseStatus(HttpStatus.CREATED)
    @Operation(summary = "Protect a machine")
    MachineView add(@Valid @RequestBody MachineRequest request) {
        return view(machines.add(request));
    }

    @PutMapping("/{id}")
    @Operation(summary = "Change a machine")
    MachineView change(@PathVariable UUID id, @Valid @RequestBody MachineRequest request) {
        return view(machines.change(id, request));
    }

    @DeleteMapping("/{id}")
    @ResponseStatus(HttpStatus.NO_CONTENT)
    @Operation(summary = "Stop protecting a machine; its recovery points stay")
    void remove(@PathVariable UUID id) {
        machines.remove(id);
    }

    private MachineView view(Machine machine) {
        return new MachineView(
                machine.id(),
                machine.name(),
                machine.description(),
                machine.source(),
                machine.createdAt(),
                runs.latestBackup(machine.id()).orElse(null),
                points.newest(machine.id()).orElse(null),
                policies.of(machine.id()));
    }
}
