package dev.nightjar.service.source.qmp;

import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * A guest's device with a medium, as {@code query-block} describes it.
 *
 * @param device its drive's name, or empty
 * @param id what its device is called on QEMU's command line, or null
 * @param removable whether the guest sees a removable medium
 * @param node name of the node that it reads and writes
 */
record BlockDevice(String device, @Nullable String id, boolean removable, String node) {

    private static final String NAMED = "/machine/peripheral/";

    /** Null for a device without a medium. */
    static @Nullable BlockDevice of(JsonNode json) {
        JsonNode inserted = json.get("inserted");
        if (inserted == null) {
            return null;
        }
        return new BlockDevice(
                json.path("device").asString(""),
                id(json.path("qdev").asString("")),
                json.path("removable").asBoolean(false),
                inserted.required("node-name").asString());
    }

    // "/machine/peripheral/vda/virtio-backend" or just "vda"; a path below peripheral-anon is no name.
    private static @Nullable String id(String qdev) {
        if (qdev.startsWith(NAMED)) {
            String rest = qdev.substring(NAMED.length());
            int slash = rest.indexOf('/');
            return slash < 0 ? rest : rest.substring(0, slash);
        }
        return qdev.isEmpty() || qdev.startsWith("/") ? null : qdev;
    }
}
