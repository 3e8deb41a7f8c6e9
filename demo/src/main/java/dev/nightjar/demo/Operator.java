package dev.nightjar.demo;

import dev.nightjar.testkit.StorageDaemon;
import dev.nightjar.testkit.TestkitException;
import dev.nightjar.testkit.appliance.ApplianceApi;
import java.nio.file.Path;
import java.time.Duration;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import tools.jackson.databind.JsonNode;

/** Does what an operator would do in the dashboard, through the REST API. */
record Operator(ApplianceApi api) {

    private static final Duration RUN_LIMIT = Duration.ofMinutes(10);

    /** The source of a live machine that already runs an NBD server. */
    static Map<String, Object> source(StorageDaemon machine, List<String> disks) {
        return Map.of(
                "type",
                "qmp",
                "socket",
                machine.qmpSocket().toString(),
                "disks",
                disks,
                "nbdServer",
                machine.nbdServer());
    }

    /** What the appliance and an NBD server agree on for an export. */
    JsonNode probeExport(String name, String uri) {
        Map<String, Object> source = Map.of("type", "nbd", "disks", List.of(Map.of("name", name, "uri", uri)));
        return api.post("/machines/probe", source)
                .expectSuccess()
                .required("disks")
                .required(0);
    }

    /** A name that no machine has yet: the directory of an earlier demo may be used again. */
    String freeName(String wanted) {
        List<String> taken = new ArrayList<>();
        items(api.get("/machines").expectSuccess())
                .forEach(machine -> taken.add(machine.path("name").asString()));
        String name = wanted;
        for (int number = 2; taken.contains(name); number++) {
            name = wanted + "-" + number;
        }
        return name;
    }

    private static JsonNode items(JsonNode list) {
        return list.isArray() ? list : list.path("items");
    }

    /** Creates the machine and returns its id. */
    String protect(String name, Map<String, Object> source) {
        return api.post(
                        "/machines",
                        Map.of("name", name, "description", "A live disk made by the demo", "source", source))
                .expectSuccess()
                .required("id")
                .asString();
    }

    void everyNight(String name, String machineId) {
        api.post(
                        "/policies",
                        Map.of(
                                "name",
                                name,
                                "schedule",
                                "0 2 * * *",
                                "timeZone",
                                ZoneId.systemDefault().getId(),
                                "keepLast",
                                14,
                                "machineIds",
                                List.of(machineId),
                                "enabled",
                                true))
                .expectSuccess();
    }

    /** Takes a backup and waits for it. */
    JsonNode backUp(String machineId, Consumer<JsonNode> watcher) {
        return completed(api.post("/machines/" + machineId + "/backup").expectSuccess(), watcher);
    }

    /** Restores a point into a raw file and waits for it. */
    JsonNode restore(String pointId, Path target, Consumer<JsonNode> watcher) {
        Map<String, Object> request = Map.of(
                "pointId",
                pointId,
                "target",
                Map.of("type", "file", "path", target.toString(), "format", "raw", "overwrite", false));
        return completed(api.post("/restores", request).expectSuccess(), watcher);
    }

    private JsonNode completed(JsonNode submitted, Consumer<JsonNode> watcher) {
        JsonNode run = api.awaitRun(submitted.required("id").asString(), RUN_LIMIT, watcher);
        if (!"COMPLETE".equals(run.path("state").asString())) {
            JsonNode error = run.path("error");
            throw new TestkitException("the %s ended %s: %s %s (%s)"
                    .formatted(
                            run.path("kind").asString("run"),
                            run.path("state").asString(),
                            error.path("code").asString(""),
                            error.path("message").asString(""),
                            error.path("hint").asString("")));
        }
        return run;
    }
}
