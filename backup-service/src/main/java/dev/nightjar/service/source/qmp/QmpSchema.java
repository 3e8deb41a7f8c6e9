package dev.nightjar.service.source.qmp;

import java.util.HashMap;
import java.util.Map;
import tools.jackson.databind.JsonNode;

/** What a QEMU says about its own commands by {@code query-qmp-schema}. Immutable. */
final class QmpSchema {

    private final Map<String, JsonNode> entities = new HashMap<>();

    private QmpSchema() {}

    static QmpSchema of(QmpConnection connection) {
        QmpSchema schema = new QmpSchema();
        for (JsonNode entity : connection.execute("query-qmp-schema")) {
            schema.entities.put(entity.required("name").asString(), entity);
        }
        return schema;
    }

    /** Whether a command exists. */
    boolean has(String command) {
        JsonNode entity = entities.get(command);
        return entity != null && entity.path("meta-type").asString("").equals("command");
    }

    /** Whether a command exists and takes an argument of that name. */
    boolean has(String command, String argument) {
        JsonNode entity = entities.get(command);
        if (entity == null) {
            return false;
        }
        JsonNode type = entities.get(entity.path("arg-type").asString(""));
        if (type == null) {
            return false;
        }
        for (JsonNode member : type.path("members")) {
            if (member.path("name").asString("").equals(argument)) {
                return true;
            }
        }
        return false;
    }
}
