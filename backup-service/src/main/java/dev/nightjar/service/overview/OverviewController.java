package dev.nightjar.service.overview;

import dev.nightjar.service.machine.Machine;
import dev.nightjar.service.machine.Machines;
import dev.nightjar.service.overview.OverviewView.MachineProtection;
import dev.nightjar.service.overview.OverviewView.NextRun;
import dev.nightjar.service.point.Points;
import dev.nightjar.service.policy.Policies;
import dev.nightjar.service.policy.Policy;
import dev.nightjar.service.repository.RepositoryProvider;
import dev.nightjar.service.repository.RepositoryStatus;
import dev.nightjar.service.run.RunHistory;
import dev.nightjar.storage.point.PointRecord;
import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.tags.Tag;
import java.time.Clock;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.stream.Collectors;
import org.springframework.http.MediaType;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RestController;

/** The overview over REST. */
@RestController
@RequestMapping(path = "/api/v1/overview", produces = MediaType.APPLICATION_JSON_VALUE)
@Tag(name = "Overview")
class OverviewController {

    private static final int RUNS_SHOWN = 10;
    private static final int SLOTS_SHOWN = 10;

    private final Machines machines;
    private final Policies policies;
    private final Points points;
    private final RunHistory runs;
    private final RepositoryProvider repository;
    private final Clock clock;

    OverviewController(
            Machines machines,
            Policies policies,
            Points points,
            RunHistory runs,
            RepositoryProvider repository,
            Clock clock) {
        this.machines = machines;
        this.policies = policies;
        this.points = points;
        this.runs = runs;
        this.repository = repository;
        this.clock = clock;
    }

    @GetMapping
    @Operation(summary = "How everything stands")
    OverviewView get() {
        List<Machine> all = machines.all();
        RepositoryStatus status = repository.status();
        List<PointRecord> records = status.opened() ? points.all() : List.of();
        Instant now = clock.instant();
        Map<UUID, Instant> newest = records.stream()
                .filter(PointRecord::isCaptured)
                .collect(
                        Collectors.toMap(PointRecord::machineId, PointRecord::instant, (a, b) -> a.isAfter(b) ? a : b));
        return new OverviewView(
                all.size(),
                records.size(),
                status.opened() ? repository.get().totals().storedBytes() : 0,
                records.stream().mapToLong(PointRecord::sizeBytes).sum(),
                runs.newest(RUNS_SHOWN),
                slots(now),
                all.stream().map(machine -> protection(machine, newest, now)).toList(),
                status);
    }

    private List<NextRun> slots(Instant now) {
        return policies.all().stream()
                .filter(Policy::enabled)
                .flatMap(policy ->
                        policy.schedule().next(now).stream().map(slot -> new NextRun(policy.id(), policy.name(), slot)))
                .sorted(Comparator.comparing(NextRun::at))
                .limit(SLOTS_SHOWN)
                .toList();
    }

    private MachineProtection protection(Machine machine, Map<UUID, Instant> newest, Instant now) {
        return new MachineProtection(
                machine.id(),
                machine.name(),
                ProtectionJudge.judge(
                        Optional.ofNullable(newest.get(machine.id())),
                        runs.latestBackup(machine.id()),
                        policies.covering(machine.id()),
                        now));
    }
}
