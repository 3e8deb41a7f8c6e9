package dev.nightjar.service.policy;

import static org.assertj.core.api.Assertions.assertThat;

import dev.nightjar.service.testing.Rest;
import dev.nightjar.service.testing.ServiceTest;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.UUID;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.springframework.http.HttpStatus;
import tools.jackson.databind.JsonNode;

@ServiceTest
class PoliciesIT {

    private static final String POLICIES = "/api/v1/policies";

    private final Rest rest;

    PoliciesIT(Rest rest) {
        this.rest = rest;
    }

    @Test
    void aPolicyIsAddedChangedAndRemoved() {
        String name = unique();
        String machine = addMachine();
        JsonNode added = rest.post(POLICIES, policy(name, "30 2 * * *", "Europe/Berlin", 7, machine))
                .expect(HttpStatus.CREATED);
        String path = POLICIES + "/" + added.path("id").asString();
        assertThat(Instant.parse(added.path("nextRunAt").asString())).isAfter(Instant.now());
        assertThat(added.path("machineIds").path(0).asString()).isEqualTo(machine);
        assertThat(rest.get(path).expect(HttpStatus.OK)).isEqualTo(added);
        assertThat(rest.get("/api/v1/machines/" + machine).expect(HttpStatus.OK).at("/policyIds/0"))
                .isEqualTo(added.path("id"));

        JsonNode changed = rest.put(path, """
                {"name": "%s", "schedule": "0 */4 * * *", "timeZone": "UTC", "keepLast": 1, "machineIds": [], "enabled": false}""".formatted(name)).expect(HttpStatus.OK);
        assertThat(changed.path("enabled").asBoolean()).isFalse();
        assertThat(changed.has("nextRunAt")).isFalse();
        assertThat(changed.path("machineIds").size()).isZero();
        assertThat(rest.get("/api/v1/machines/" + machine)
                        .expect(HttpStatus.OK)
                        .path("policyIds")
                        .size())
                .isZero();

        rest.delete(path).expect(HttpStatus.NO_CONTENT);
        rest.get(path).expectProblem(HttpStatus.NOT_FOUND, "POLICY_NOT_FOUND");
    }

    @Test
    void aMachineThatIsRemovedLeavesItsPolicies() {
        String machine = addMachine();
        JsonNode added = rest.post(POLICIES, policy(unique(), "30 2 * * *", "UTC", 7, machine))
                .expect(HttpStatus.CREATED);
        rest.delete("/api/v1/machines/" + machine).expect(HttpStatus.NO_CONTENT);
        assertThat(rest.get(POLICIES + "/" + added.path("id").asString())
                        .expect(HttpStatus.OK)
                        .path("machineIds")
                        .size())
                .isZero();
    }

    @Test
    void aNameIsTakenWhateverItsCase() {
        String name = unique();
        rest.post(POLICIES, policy(name, "30 2 * * *", "UTC", 7)).expect(HttpStatus.CREATED);
        JsonNode problem = rest.post(POLICIES, policy(name.toUpperCase(Locale.ROOT), "30 2 * * *", "UTC", 7))
                .expectProblem(HttpStatus.CONFLICT, "POLICY_NAME_TAKEN");
        assertThat(fields(problem)).containsExactly("name");
    }

    @ParameterizedTest
    @MethodSource("invalid")
    void anInvalidPolicyIsRefusedAtItsField(String body, String code, String field) {
        JsonNode problem = rest.post(POLICIES, body).expectProblem(HttpStatus.BAD_REQUEST, code);
        if (!field.isEmpty()) {
            assertThat(fields(problem)).contains(field);
        }
    }

    static Stream<Arguments> invalid() {
        return Stream.of(
                Arguments.of(policy("p", "99 2 * * *", "UTC", 7), "INVALID_SCHEDULE", "schedule"),
                Arguments.of(policy("p", "every night", "UTC", 7), "INVALID_SCHEDULE", "schedule"),
                Arguments.of(policy("p", "0 0 30 2 *", "UTC", 7), "INVALID_SCHEDULE", "schedule"),
                Arguments.of(policy("p", "30 2 * * *", "Europe/Atlantis", 7), "INVALID_TIME_ZONE", "timeZone"),
                Arguments.of(policy("p", "30 2 * * *", "UTC", 0), "INVALID_REQUEST", "keepLast"),
                Arguments.of(policy(" ", "30 2 * * *", "UTC", 7), "INVALID_REQUEST", "name"),
                Arguments.of(policy("p", "", "UTC", 7), "INVALID_REQUEST", "schedule"),
                Arguments.of(
                        "{\"name\": \"p\", \"schedule\": \"30 2 * * *\", \"timeZone\": \"UTC\", \"keepLast\": 7, \"enabled\": true}",
                        "INVALID_REQUEST",
                        "machineIds"),
                // Nobody should have to guess whether a policy without "enabled" fires, or how much one without
                // "keepLast" deletes.
                Arguments.of(
                        "{\"name\": \"p\", \"schedule\": \"30 2 * * *\", \"timeZone\": \"UTC\", \"keepLast\": 7, \"machineIds\": []}",
                        "MALFORMED_BODY",
                        ""),
                Arguments.of(
                        "{\"name\": \"p\", \"schedule\": \"30 2 * * *\", \"timeZone\": \"UTC\", \"enabled\": true, \"machineIds\": []}",
                        "MALFORMED_BODY",
                        ""));
    }

    @Test
    void aPolicyOfAnUnknownMachineIsRefused() {
        rest.post(
                        POLICIES,
                        policy(
                                unique(),
                                "30 2 * * *",
                                "UTC",
                                7,
                                UUID.randomUUID().toString()))
                .expectProblem(HttpStatus.NOT_FOUND, "MACHINE_NOT_FOUND");
    }

    @Test
    void anUnknownPolicyIsNotFoundWhateverIsAsked() {
        String path = POLICIES + "/" + UUID.randomUUID();
        rest.get(path).expectProblem(HttpStatus.NOT_FOUND, "POLICY_NOT_FOUND");
        rest.put(path, policy(unique(), "30 2 * * *", "UTC", 7))
                .expectProblem(HttpStatus.NOT_FOUND, "POLICY_NOT_FOUND");
        rest.delete(path).expectProblem(HttpStatus.NOT_FOUND, "POLICY_NOT_FOUND");
        rest.post(path + "/run", "").expectProblem(HttpStatus.NOT_FOUND, "POLICY_NOT_FOUND");
    }

    @Test
    void aScheduleIsPreviewed() {
        JsonNode preview = rest.post(
                        POLICIES + "/preview", "{\"schedule\": \"30 2 * * *\", \"timeZone\": \"Europe/Berlin\"}")
                .expect(HttpStatus.OK);
        List<Instant> slots = preview.path("nextRuns")
                .valueStream()
                .map(slot -> Instant.parse(slot.asString()))
                .toList();
        assertThat(slots).hasSize(5).isSorted().doesNotHaveDuplicates().allMatch(slot -> slot.isAfter(Instant.now()));

        assertThat(fields(rest.post(POLICIES + "/preview", "{\"schedule\": \"* * *\", \"timeZone\": \"UTC\"}")
                        .expectProblem(HttpStatus.BAD_REQUEST, "INVALID_SCHEDULE")))
                .containsExactly("schedule");
        assertThat(fields(rest.post(POLICIES + "/preview", "{\"schedule\": \"30 2 * * *\", \"timeZone\": \"X\"}")
                        .expectProblem(HttpStatus.BAD_REQUEST, "INVALID_TIME_ZONE")))
                .containsExactly("timeZone");
    }

    private String addMachine() {
        return rest.post("/api/v1/machines", """
                        {"name": "%s", "source": {"type": "nbd", "disks": [{"name": "vda", "uri": "nbd://host/vda"}]}}""".formatted(unique()))
                .expect(HttpStatus.CREATED)
                .path("id")
                .asString();
    }

    private static List<String> fields(JsonNode problem) {
        return problem.path("fieldErrors")
                .valueStream()
                .map(error -> error.path("field").asString())
                .toList();
    }

    private static String unique() {
        return "p-" + UUID.randomUUID();
    }

    private static String policy(String name, String schedule, String zone, int keepLast, String... machines) {
        String ids = Stream.of(machines)
                .map(id -> "\"" + id + "\"")
                .reduce((a, b) -> a + "," + b)
                .orElse("");
        return """
                {"name": "%s", "schedule": "%s", "timeZone": "%s", "keepLast": %d, "machineIds": [%s], "enabled": true}""".formatted(name, schedule, zone, keepLast, ids);
    }
}
