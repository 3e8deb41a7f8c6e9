package dev.nightjar.service.source.qmp;

import java.nio.ByteBuffer;
import java.util.LinkedHashMap;
import java.util.Map;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** One line of QMP in either direction. */
final class QmpMessage {

    private static final JsonMapper JSON = JsonMapper.shared();

    private QmpMessage() {}

    /** A command as it goes over the wire, newline included. */
    static ByteBuffer command(String command, Map<String, ?> arguments, long id) {
        Map<String, Object> message = new LinkedHashMap<>();
        message.put("execute", command);
        if (!arguments.isEmpty()) {
            message.put("arguments", arguments);
        }
        message.put("id", id);
        byte[] json = JSON.writeValueAsBytes(message);
        return ByteBuffer.allocate(json.length + 1).put(json).put((byte) '\n').flip();
    }

    /** What a line says; a missing node for an empty line. Throws Jackson's exception if it is not JSON. */
    static JsonNode parse(byte[] line) {
        return JSON.readTree(line);
    }
}
