package dev.nightjar.service.source.qmp;

import tools.jackson.databind.JsonNode;

/**
 * A dirty bitmap as QEMU describes it.
 *
 * @param name its name at its node
 * @param recording whether it takes writes down
 * @param persistent whether it is stored with the image
 * @param busy whether a job or an export uses it
 * @param inconsistent whether QEMU was killed while it recorded: it is good for nothing but removal
 * @param granularityBytes bytes a bit
 */
record DirtyBitmap(
        String name, boolean recording, boolean persistent, boolean busy, boolean inconsistent, int granularityBytes) {

    static DirtyBitmap of(JsonNode json) {
        return new DirtyBitmap(
                json.required("name").asString(),
                json.path("recording").asBoolean(false),
                json.path("persistent").asBoolean(false),
                json.path("busy").asBoolean(false),
                json.path("inconsistent").asBoolean(false),
                json.path("granularity").asInt(0));
    }
}
