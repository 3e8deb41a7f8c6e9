package dev.nightjar.service.web;

import static org.assertj.core.api.Assertions.assertThat;

import dev.nightjar.service.testing.Rest;
import dev.nightjar.service.testing.ServiceTest;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.springframework.http.HttpStatus;
import tools.jackson.databind.JsonNode;

/**
 * The API's description, from which the dashboard's types are generated. After a change of the API, write it anew:
 *
 * <pre>
 * mvn -pl backup-service -am verify -Dweb-ui.npm-script=bundle -Dtest=none -Dit.test=OpenApiIT \\
 *     -Dsurefire.failIfNoSpecifiedTests=false -Dfailsafe.failIfNoSpecifiedTests=false -Dopenapi.write=true
 * </pre>
 */
@ServiceTest
class OpenApiIT {

    private static final Path SNAPSHOT = Path.of("../web-ui/openapi.json");
    private static final Set<String> METHODS = Set.of("get", "put", "post", "delete", "head", "patch");

    private final Rest rest;
    private JsonNode api;

    OpenApiIT(Rest rest) {
        this.rest = rest;
    }

    @BeforeEach
    void read() {
        api = rest.get("/v3/api-docs").expect(HttpStatus.OK);
    }

    @Test
    void theCommittedDescriptionIsWhatTheServiceServes() throws IOException {
        String served = NormalJson.write(api);
        if (Boolean.getBoolean("openapi.write")) {
            Files.writeString(SNAPSHOT, served);
        }
        assertThat(Files.readString(SNAPSHOT))
                .as("web-ui/openapi.json; the comment of this class says how to write it anew")
                .isEqualTo(served);
    }

    @Test
    void itHasTheOperationsOfTheContract() {
        Set<String> operations = new HashSet<>();
        api.path("paths")
                .forEachEntry((path, item) -> item.propertyStream()
                        .filter(entry -> METHODS.contains(entry.getKey()))
                        .forEach(entry -> operations.add(entry.getKey() + " " + path)));
        assertThat(operations)
                .contains(
                        "get /api/v1/overview",
                        "get /api/v1/machines",
                        "post /api/v1/machines",
                        "get /api/v1/machines/{id}",
                        "put /api/v1/machines/{id}",
                        "delete /api/v1/machines/{id}",
                        "post /api/v1/machines/probe",
                        "post /api/v1/machines/{id}/backup",
                        "get /api/v1/policies",
                        "post /api/v1/policies",
                        "get /api/v1/policies/{id}",
                        "put /api/v1/policies/{id}",
                        "delete /api/v1/policies/{id}",
                        "post /api/v1/policies/preview",
                        "post /api/v1/policies/{id}/run",
                        "get /api/v1/runs",
                        "get /api/v1/runs/{id}",
                        "post /api/v1/runs/{id}/cancel",
                        "get /api/v1/runs/{id}/events",
                        "get /api/v1/runs/events",
                        "get /api/v1/points",
                        "get /api/v1/points/{id}",
                        "delete /api/v1/points/{id}",
                        "get /api/v1/points/{id}/content",
                        "post /api/v1/restores",
                        "get /api/v1/exports",
                        "post /api/v1/exports",
                        "get /api/v1/exports/{id}",
                        "delete /api/v1/exports/{id}",
                        "post /api/v1/exports/{id}/keep",
                        "get /api/v1/repository",
                        "post /api/v1/repository/rebuild");
    }

    @Test
    void operationsAreNamedAfterWhatTheyDoEachOnce() {
        List<String> names = operations()
                .map(operation -> operation.path("operationId").asString())
                .toList();
        assertThat(names).doesNotHaveDuplicates().noneMatch(name -> name.matches(".*_\\d+"));
    }

    @Test
    void everyOperationSaysThatItMayAnswerWithAProblem() {
        assertThat(operations())
                .allSatisfy(operation -> assertThat(operation
                                .at("/responses/default/content/application~1problem+json/schema/$ref")
                                .asString())
                        .isEqualTo("#/components/schemas/Problem"));
    }

    @Test
    void whatIsNotNullableIsRequired() {
        assertThat(required("Problem"))
                .contains("title", "status", "detail", "code", "hint")
                .doesNotContain("instance");
        assertThat(required("FieldProblem")).containsExactlyInAnyOrder("field", "message");
        assertThat(required("Run"))
                .contains("id", "bytesDone", "disks")
                .doesNotContain("startedAt", "error", "etaSeconds");
        assertThat(required("RunDisk")).contains("readBytes").doesNotContain("reason", "pointId");
        assertThat(required("Policy")).contains("keepLast", "enabled").doesNotContain("nextRunAt");
    }

    @Test
    void whatARequestCannotDoWithoutIsRequired() {
        assertThat(required("PolicyRequest"))
                .containsExactlyInAnyOrder("name", "schedule", "timeZone", "keepLast", "machineIds", "enabled");
        assertThat(required("MachineRequest")).containsExactlyInAnyOrder("name", "source");
        assertThat(required("BackupRequest")).isEmpty();
        assertThat(required("ExportRequest")).containsExactly("pointId");
        assertThat(required("RestoreRequest")).containsExactlyInAnyOrder("pointId", "target");
    }

    @Test
    void kindsOfSourcesAndTargetsAreToldApartByType() {
        for (String schema : List.of("SourceSpec", "RestoreTarget")) {
            JsonNode discriminator = schema(schema).path("discriminator");
            assertThat(discriminator.path("propertyName").asString()).isEqualTo("type");
        }
        assertThat(schema("SourceSpec").at("/discriminator/mapping/nbd").asString())
                .isEqualTo("#/components/schemas/NbdSource");
        assertThat(schema("SourceSpec").at("/discriminator/mapping/qmp").asString())
                .isEqualTo("#/components/schemas/QmpSource");
        assertThat(schema("RestoreTarget").at("/discriminator/mapping/file").asString())
                .isEqualTo("#/components/schemas/FileTarget");
    }

    @Test
    void nothingOfTheFrameworkLeaksIntoIt() {
        assertThat(api.path("components").path("schemas").propertyNames())
                .doesNotContain("SseEmitter", "ProblemDetail");
        assertThat(api.toString()).doesNotContain("Pageable", "StreamingResponseBody");
    }

    private Stream<JsonNode> operations() {
        return api.path("paths")
                .valueStream()
                .flatMap(item -> item.propertyStream()
                        .filter(entry -> METHODS.contains(entry.getKey()))
                        .map(Map.Entry::getValue));
    }

    private List<String> required(String schema) {
        return schema(schema)
                .path("required")
                .valueStream()
                .map(JsonNode::asString)
                .toList();
    }

    private JsonNode schema(String name) {
        return api.path("components").path("schemas").path(name);
    }
}
