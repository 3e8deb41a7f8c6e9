package dev.nightjar.service.schedule;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.nightjar.service.policy.Policies;
import dev.nightjar.service.policy.Policy;
import dev.nightjar.service.testing.Rest;
import dev.nightjar.service.testing.TwoNodes;
import dev.nightjar.service.testing.WithTwoNodes;
import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.springframework.http.HttpStatus;
import org.springframework.jdbc.core.simple.JdbcClient;

/** The machines' sources answer nobody, so that every run fails, and fast. */
@Timeout(120)
@Tag("own-process")
@ExtendWith(WithTwoNodes.class)
class TwoNodesScheduleIT {

    private static final Duration PATIENCE = Duration.ofSeconds(60);

    private final TwoNodes nodes;
    private final Rest rest;
    private final JdbcClient sql;

    TwoNodesScheduleIT(TwoNodes nodes) {
        this.nodes = nodes;
        rest = nodes.restA();
        sql = nodes.sql();
    }

    @ParameterizedTest
    @CsvSource({
        "2026-03-28T23:00:00Z, 30 2 * * *, 1", // The hour from two to three does not exist.
        "2026-10-24T22:00:00Z, 30 2 * * *, 1", // It exists twice, and a daily slot is one.
        "2026-10-24T22:00:00Z, 0 * * * *, 5", // An hourly one is not.
    })
    void everySlotOfADaylightSavingNightIsRunOnceThoughBothNodesFireIt(Instant night, String schedule, int expected)
            throws InterruptedException {
        String machine = addMachine();
        UUID id = UUID.fromString(addPolicy(schedule, machine));
        List<Instant> due = slots(nodes.a(Policies.class).get(id), night, night.plus(Duration.ofHours(6)));
        assertThat(due).hasSize(expected);

        for (Instant slot : due) {
            Thread atA =
                    Thread.ofVirtual().start(() -> fire(nodes.a(PolicyRuns.class), nodes.a(Policies.class), id, slot));
            Thread atB =
                    Thread.ofVirtual().start(() -> fire(nodes.b(PolicyRuns.class), nodes.b(Policies.class), id, slot));
            atA.join();
            atB.join();
            await().atMost(PATIENCE).until(() -> active(machine) == 0);
        }

        assertThat(slots(machine)).containsExactlyElementsOf(due);
    }

    private static void fire(PolicyRuns runs, Policies policies, UUID policy, Instant slot) {
        runs.startSlot(policies.get(policy), slot);
    }

    private static List<Instant> slots(Policy policy, Instant from, Instant to) {
        List<Instant> slots = new ArrayList<>();
        Optional<Instant> next = policy.schedule().next(from);
        while (next.isPresent() && next.get().isBefore(to)) {
            slots.add(next.get());
            next = policy.schedule().next(next.get());
        }
        return slots;
    }

    private List<Instant> slots(String machine) {
        return sql
                .sql("SELECT slot FROM nightjar.run WHERE machine_id = ? AND slot IS NOT NULL ORDER BY slot")
                .param(UUID.fromString(machine))
                .query(OffsetDateTime.class)
                .list()
                .stream()
                .map(OffsetDateTime::toInstant)
                .toList();
    }

    private long active(String machine) {
        return sql.sql("SELECT count(*) FROM nightjar.run WHERE machine_id = ? AND state IN ('QUEUED', 'RUNNING')")
                .param(UUID.fromString(machine))
                .query(Long.class)
                .single();
    }

    private String addMachine() {
        return rest.post("/api/v1/machines", """
                        {"name": "m-%s", "source": {"type": "nbd", "disks": [{"name": "vda", "uri": "nbd+unix:///vda?socket=/nowhere"}]}}""".formatted(UUID.randomUUID()))
                .expect(HttpStatus.CREATED)
                .path("id")
                .asString();
    }

    private String addPolicy(String schedule, String machine) {
        return rest.post("/api/v1/policies", """
                        {"name": "p-%s", "schedule": "%s", "timeZone": "Europe/Berlin", "keepLast": 3, "machineIds": ["%s"], "enabled": true}""".formatted(UUID.randomUUID(), schedule, machine))
                .expect(HttpStatus.CREATED)
                .path("id")
                .asString();
    }
}
