package dev.nightjar.service.source.qmp;

import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * A job as {@code query-jobs} describes it.
 *
 * @param id its id
 * @param status {@code running}, {@code paused}, {@code concluded} …
 * @param error why it failed, or null
 */
record BlockJob(String id, String status, @Nullable String error) {

    static BlockJob of(JsonNode json) {
        JsonNode error = json.get("error");
        return new BlockJob(
                json.required("id").asString(),
                json.required("status").asString(),
                error == null ? null : error.asString());
    }

    boolean concluded() {
        return status.equals("concluded");
    }

    /** Whether it does its work; drained for a moment by some other command is all right. */
    boolean alive() {
        return error == null && (status.equals("running") || status.equals("paused"));
    }
}
