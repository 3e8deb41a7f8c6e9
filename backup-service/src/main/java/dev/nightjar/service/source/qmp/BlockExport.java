package dev.nightjar.service.source.qmp;

import tools.jackson.databind.JsonNode;

/**
 * A block export as {@code query-block-exports} describes it.
 *
 * @param id its id
 * @param type {@code nbd}, {@code fuse}, {@code vhost-user-blk} …
 * @param node name of the node that it serves
 */
record BlockExport(String id, String type, String node) {

    static BlockExport of(JsonNode json) {
        return new BlockExport(
                json.required("id").asString(),
                json.required("type").asString(),
                json.required("node-name").asString());
    }
}
