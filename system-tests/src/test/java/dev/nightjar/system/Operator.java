package dev.nightjar.system;

import static org.assertj.core.api.Assertions.assertThat;

import dev.nightjar.testkit.DiskRef;
import dev.nightjar.testkit.appliance.ApiReply;
import dev.nightjar.testkit.appliance.ApplianceApi;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import tools.jackson.databind.JsonNode;

/** What an operator does, through the REST API, with what every test expects of it. */
record Operator(ApplianceApi api) {

    static final Duration RUN_LIMIT = Duration.ofMinutes(3);

    String protect(String name, Map<String, Object> source) {
        return api.post("/machines", Map.of("name", name, "source", source))
                .expectSuccess()
                .required("id")
                .asString();
    }

    /** Starts a backup and returns the run's id. */
    String startBackup(String machineId) {
        ApiReply reply = api.post("/machines/" + machineId + "/backup");
        assertThat(reply.status()).as(reply.body().toString()).isEqualTo(202);
        return reply.body().required("id").asString();
    }

    /** Takes a backup that has to succeed. */
    JsonNode backUp(String machineId) {
        return complete(startBackup(machineId));
    }

    /** Takes a backup that has to fail, with an error that helps; returns the error. */
    JsonNode failToBackUp(String machineId) {
        JsonNode run = api.awaitRun(startBackup(machineId), RUN_LIMIT);
        assertThat(run.path("state").asString()).as(run.toString()).isEqualTo("FAILED");
        JsonNode error = run.required("error");
        assertThat(error.path("hint").asString("")).as("hint of " + error).isNotBlank();
        assertThat(error.path("message").asString("")).as("message of " + error).isNotBlank();
        assertThat(run.path("pointIds").isEmpty()).as("points of a failed run").isTrue();
        return error;
    }

    JsonNode complete(String runId) {
        JsonNode run = api.awaitRun(runId, RUN_LIMIT);
        assertThat(run.path("state").asString()).as(run.toString()).isEqualTo("COMPLETE");
        return run;
    }

    /** Restores a point into a raw file that does not exist yet. */
    DiskRef restore(String pointId, Path target) {
        Map<String, Object> file =
                Map.of("type", "file", "path", target.toString(), "format", "raw", "overwrite", false);
        JsonNode submitted = api.post("/restores", Map.of("pointId", pointId, "target", file))
                .expectSuccess();
        complete(submitted.required("id").asString());
        return DiskRef.raw(target);
    }

    List<JsonNode> points() {
        return items("/points");
    }

    List<JsonNode> machines() {
        return items("/machines");
    }

    List<JsonNode> policies() {
        return items("/policies");
    }

    private List<JsonNode> items(String path) {
        JsonNode body = api.get(path).expectSuccess();
        List<JsonNode> items = new ArrayList<>();
        (body.isArray() ? body : body.required("items")).forEach(items::add);
        return items;
    }

    /** The only disk of a run. */
    static JsonNode disk(JsonNode run) {
        assertThat(run.required("disks").size()).isEqualTo(1);
        return run.required("disks").required(0);
    }

    /** The only point of a run. */
    static String pointId(JsonNode run) {
        assertThat(run.required("pointIds").size()).isEqualTo(1);
        return run.required("pointIds").required(0).asString();
    }
}
