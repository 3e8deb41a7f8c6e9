package dev.nightjar.service.machine;

import static org.assertj.core.api.Assertions.assertThat;

import dev.nightjar.service.testing.Answer;
import dev.nightjar.service.testing.Rest;
import dev.nightjar.service.testing.ServiceTest;
import java.util.UUID;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.springframework.http.HttpStatus;
import tools.jackson.databind.JsonNode;

@ServiceTest
class MachinesIT {

    private static final String MACHINES = "/api/v1/machines";

    private final Rest rest;

    MachinesIT(Rest rest) {
        this.rest = rest;
    }

    @Test
    void aMachineIsAddedChangedAndRemoved() {
        String name = unique();
        JsonNode added = rest.post(MACHINES, machine(name)).expect(HttpStatus.CREATED);
        String path = MACHINES + "/" + added.path("id").asString();
        assertThat(added.path("name").asString()).isEqualTo(name);
        assertThat(added.path("source").path("type").asString()).isEqualTo("nbd");
        assertThat(added.path("policyIds").size()).isZero();
        assertThat(added.has("lastRun")).isFalse();
        assertThat(rest.get(path).expect(HttpStatus.OK)).isEqualTo(added);

        JsonNode changed = rest.put(path, """
                {"name": "%s-2", "description": "mail",
                 "source": {"type": "qmp", "socket": "/run/qmp.sock", "disks": ["vda"]}}""".formatted(name)).expect(HttpStatus.OK);
        assertThat(changed.path("description").asString()).isEqualTo("mail");
        assertThat(changed.path("source").path("type").asString()).isEqualTo("qmp");
        assertThat(changed.path("createdAt")).isEqualTo(added.path("createdAt"));
        assertThat(rest.get(path).expect(HttpStatus.OK)).isEqualTo(changed);
        assertThat(rest.get(MACHINES).expect(HttpStatus.OK).valueStream()).contains(changed);

        rest.delete(path).expect(HttpStatus.NO_CONTENT);
        rest.get(path).expectProblem(HttpStatus.NOT_FOUND, "MACHINE_NOT_FOUND");
    }

    @Test
    void aNameIsTakenWhateverItsCase() {
        String name = unique();
        rest.post(MACHINES, machine(name)).expect(HttpStatus.CREATED);
        JsonNode problem = rest.post(MACHINES, machine(" " + name.toUpperCase(java.util.Locale.ROOT)))
                .expectProblem(HttpStatus.CONFLICT, "MACHINE_NAME_TAKEN");
        assertThat(problem.at("/fieldErrors/0/field").asString()).isEqualTo("name");
    }

    @Test
    void aMachineMayKeepItsOwnName() {
        String name = unique();
        JsonNode added = rest.post(MACHINES, machine(name)).expect(HttpStatus.CREATED);
        rest.put(MACHINES + "/" + added.path("id").asString(), machine(name)).expect(HttpStatus.OK);
    }

    @ParameterizedTest
    @MethodSource("invalid")
    void anInvalidMachineIsRefusedAtItsField(String body, String code, String field) {
        Answer answer = rest.post(MACHINES, body);
        JsonNode problem = answer.expectProblem(HttpStatus.BAD_REQUEST, code);
        if (!field.isEmpty()) {
            assertThat(problem.path("fieldErrors")
                            .valueStream()
                            .map(error -> error.path("field").asString()))
                    .contains(field);
        }
    }

    static Stream<Arguments> invalid() {
        return Stream.of(
                Arguments.of("{", "MALFORMED_BODY", ""),
                Arguments.of("", "MALFORMED_BODY", ""),
                Arguments.of("[]", "MALFORMED_BODY", ""),
                Arguments.of("{\"name\": \"a\", \"surprise\": 1}", "MALFORMED_BODY", ""),
                Arguments.of("{\"name\": \"a\", \"source\": {\"type\": \"tape\"}}", "MALFORMED_BODY", ""),
                Arguments.of("{\"name\": \"a\", \"source\": {\"disks\": []}}", "MALFORMED_BODY", ""),
                Arguments.of("{\"name\": \"a\"}", "INVALID_REQUEST", "source"),
                Arguments.of(machine(" "), "INVALID_REQUEST", "name"),
                Arguments.of(machine("x".repeat(201)), "INVALID_REQUEST", "name"),
                Arguments.of(
                        "{\"name\": \"a\", \"source\": {\"type\": \"nbd\", \"disks\": []}}",
                        "INVALID_REQUEST",
                        "source.disks"),
                Arguments.of(
                        "{\"name\": \"a\", \"source\": {\"type\": \"nbd\", \"disks\": [{\"name\": \"vda\", \"uri\": \"\"}]}}",
                        "INVALID_REQUEST",
                        "source.disks[0].uri"),
                Arguments.of(
                        "{\"name\": \"a\", \"source\": {\"type\": \"qmp\", \"socket\": \"\"}}",
                        "INVALID_REQUEST",
                        "source.socket"),
                Arguments.of("""
                        {"name": "a", "source": {"type": "nbd", "disks": [
                            {"name": "vda", "uri": "nbd://h/a"}, {"name": "VDA", "uri": "nbd://h/b"}]}}""", "DISK_NAME_DOUBLED", "source.disks"));
    }

    @Test
    void anUnknownMachineIsNotFoundWhateverIsAsked() {
        String path = MACHINES + "/" + UUID.randomUUID();
        rest.get(path).expectProblem(HttpStatus.NOT_FOUND, "MACHINE_NOT_FOUND");
        rest.put(path, machine(unique())).expectProblem(HttpStatus.NOT_FOUND, "MACHINE_NOT_FOUND");
        rest.delete(path).expectProblem(HttpStatus.NOT_FOUND, "MACHINE_NOT_FOUND");
        rest.post(path + "/backup", "{}").expectProblem(HttpStatus.NOT_FOUND, "MACHINE_NOT_FOUND");
    }

    @Test
    void aBodyThatIsNoJsonIsAProblem() {
        rest.send("POST", MACHINES, "name=a", "application/x-www-form-urlencoded")
                .expectProblem(HttpStatus.UNSUPPORTED_MEDIA_TYPE, "UNSUPPORTED_MEDIA_TYPE");
    }

    private static String unique() {
        return "machine-" + UUID.randomUUID();
    }

    private static String machine(String name) {
        return """
                {"name": "%s", "source": {"type": "nbd", "disks": [{"name": "vda", "uri": "nbd://host/vda"}]}}""".formatted(name);
    }
}
