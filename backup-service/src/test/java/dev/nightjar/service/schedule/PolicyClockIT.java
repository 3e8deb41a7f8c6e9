package dev.nightjar.service.schedule;

import static org.assertj.core.api.Assertions.assertThat;

import dev.nightjar.service.testing.Rest;
import dev.nightjar.service.testing.ServiceTest;
import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.List;
import java.util.UUID;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.quartz.Scheduler;
import org.quartz.SchedulerException;
import org.quartz.Trigger;
import org.quartz.TriggerKey;
import org.springframework.http.HttpStatus;
import org.springframework.jdbc.core.simple.JdbcClient;
import tools.jackson.databind.JsonNode;

/** Policies fire by themselves; the machines' sources answer nobody, so that every run fails, and fast. */
@ServiceTest
class PolicyClockIT {

    private final Rest rest;
    private final Scheduler scheduler;
    private final PolicyClock clock;
    private final JdbcClient sql;

    PolicyClockIT(Rest rest, Scheduler scheduler, PolicyClock clock, JdbcClient sql) {
        this.sql = sql;
        this.rest = rest;
        this.scheduler = scheduler;
        this.clock = clock;
    }

    @Test
    void aPolicyFiresSlotAfterSlotUntilItIsDisabled() throws Exception {
        String machine = addMachine();
        String policy = addPolicy("* * * * * *", machine);

        Awaitility.await()
                .atMost(Duration.ofSeconds(60))
                .until(() -> runs(machine).size() >= 3);
        put(policy, "* * * * * *", machine, false);

        assertThat(scheduler.checkExists(key(policy))).isFalse();
        assertThat(runs(machine)).allSatisfy(run -> {
            assertThat(run.path("trigger").asString()).isEqualTo("SCHEDULE");
            assertThat(run.path("policyId").asString()).isEqualTo(policy);
        });
    }

    @Test
    void theTriggerFollowsThePolicy() throws Exception {
        String policy = addPolicy("30 2 * * *");
        assertThat(nextFire(policy)).isEqualTo(nextRunAt(policy));

        put(policy, "45 3 * * *", null, true);
        assertThat(nextFire(policy)).isEqualTo(nextRunAt(policy));

        put(policy, "45 3 * * *", null, false);
        assertThat(scheduler.checkExists(key(policy))).isFalse();

        put(policy, "45 3 * * *", null, true);
        assertThat(nextFire(policy)).isEqualTo(nextRunAt(policy));

        rest.delete("/api/v1/policies/" + policy).expect(HttpStatus.NO_CONTENT);
        assertThat(scheduler.checkExists(key(policy))).isFalse();
    }

    @Test
    void aSlotThatFiresWhileThePolicyChangesLeavesTheNewSchedulesTrigger() throws Exception {
        String policy = addPolicy("0 0 1 1 *");
        UUID id = UUID.fromString(policy);
        for (int round = 0; round < 20; round++) {
            String schedule = round % 2 == 0 ? "30 2 * * *" : "45 3 * * *";
            Thread firing = Thread.ofVirtual().start(() -> clock.advance(id));
            put(policy, schedule, null, true);
            firing.join();
            assertThat(nextFire(policy)).isEqualTo(nextRunAt(policy));
        }
    }

    @Test
    void aTriggerThatWasLostIsSetAgainAndOneThatIsThereStays() throws Exception {
        String policy = addPolicy("30 2 * * *");
        scheduler.unscheduleJob(key(policy));

        clock.setMissing();
        assertThat(nextFire(policy)).isEqualTo(nextRunAt(policy));

        Trigger before = scheduler.getTrigger(key(policy));
        clock.setMissing();
        assertThat(scheduler.getTrigger(key(policy)).getNextFireTime()).isEqualTo(before.getNextFireTime());
    }

    @Test
    void aPolicyIsRunByHandOnAllItsMachines() {
        String first = addMachine();
        String second = addMachine();
        String policy = addPolicy("0 0 1 1 *", first, second);
        JsonNode runs = rest.post("/api/v1/policies/" + policy + "/run", "").expect(HttpStatus.ACCEPTED);
        assertThat(runs.valueStream().map(run -> run.path("machineId").asString()))
                .containsExactlyInAnyOrder(first, second);
        assertThat(runs.valueStream().map(run -> run.path("trigger").asString()))
                .containsOnly("MANUAL");
    }

    @Test
    void aSlotWhoseNodeDiedBeforeItStartedTheRunsIsRunByAnother() {
        String machine = addMachine();
        String policy = addPolicy("0 0 1 1 *", machine);
        Instant slot = Instant.parse("2026-03-01T02:00:00Z");
        // What Quartz writes down when a node fires a slot; this one has set the next slot, and then died.
        sql.sql("""
                        INSERT INTO nightjar.qrtz_fired_triggers (sched_name, entry_id, trigger_name, trigger_group, instance_name, fired_time,
                            sched_time, priority, state, job_name, job_group, is_nonconcurrent, requests_recovery)
                        VALUES ('nightjar', :entry, :policy, 'policies', 'dead', :at, :at, 5, 'EXECUTING', :policy, 'policies', false, true)""")
                .param("entry", "dead-" + policy)
                .param("policy", policy)
                .param("at", slot.toEpochMilli())
                .update();
        sql.sql("INSERT INTO nightjar.qrtz_scheduler_state VALUES ('nightjar', 'dead', 0, 5000)")
                .update();

        Awaitility.await()
                .atMost(Duration.ofSeconds(60))
                .until(() -> slots(machine).contains(slot));
        assertThat(slots(machine)).containsExactly(slot);
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

    private Instant nextFire(String policy) throws SchedulerException {
        Trigger trigger = scheduler.getTrigger(key(policy));
        return trigger.getNextFireTime().toInstant();
    }

    private Instant nextRunAt(String policy) {
        return Instant.parse(rest.get("/api/v1/policies/" + policy)
                .expect(HttpStatus.OK)
                .path("nextRunAt")
                .asString());
    }

    private static TriggerKey key(String policy) {
        return TriggerKey.triggerKey(policy, "policies");
    }

    private List<JsonNode> runs(String machine) {
        return rest.get("/api/v1/runs?machineId=" + machine)
                .expect(HttpStatus.OK)
                .path("items")
                .valueStream()
                .toList();
    }

    private String addMachine() {
        return rest.post("/api/v1/machines", """
                        {"name": "m-%s", "source": {"type": "nbd", "disks": [{"name": "vda", "uri": "nbd+unix:///vda?socket=/nowhere"}]}}""".formatted(UUID.randomUUID()))
                .expect(HttpStatus.CREATED)
                .path("id")
                .asString();
    }

    private String addPolicy(String schedule, String... machines) {
        String ids = machines.length == 0 ? "" : "\"" + String.join("\",\"", machines) + "\"";
        return rest.post("/api/v1/policies", body(schedule, ids, true))
                .expect(HttpStatus.CREATED)
                .path("id")
                .asString();
    }

    private void put(String policy, String schedule, String machine, boolean enabled) {
        String ids = machine == null ? "" : "\"" + machine + "\"";
        rest.put("/api/v1/policies/" + policy, body(schedule, ids, enabled)).expect(HttpStatus.OK);
    }

    private static String body(String schedule, String ids, boolean enabled) {
        return """
                {"name": "p-%s", "schedule": "%s", "timeZone": "Europe/Berlin", "keepLast": 3, "machineIds": [%s], "enabled": %s}""".formatted(UUID.randomUUID(), schedule, ids, enabled);
    }
}
