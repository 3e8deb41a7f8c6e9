package dev.nightjar.service.source.qmp;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * A block node as {@code query-named-block-nodes} describes it.
 *
 * @param name its node name
 * @param driver its driver, such as {@code qcow2}
 * @param readOnly whether it cannot be written
 * @param sizeBytes its virtual size
 * @param keepsBitmaps whether its format stores dirty bitmaps
 * @param bitmaps its dirty bitmaps, without QEMU's own that have no name
 */
record BlockNode(
        String name, String driver, boolean readOnly, long sizeBytes, boolean keepsBitmaps, List<DirtyBitmap> bitmaps) {

    /** QEMU makes names like this up when nobody gave one; they change with every start. */
    static final String GENERATED_PREFIX = "#";

    BlockNode {
        bitmaps = List.copyOf(bitmaps);
    }

    static BlockNode of(JsonNode json) {
        List<DirtyBitmap> bitmaps = new ArrayList<>();
        for (JsonNode bitmap : json.path("dirty-bitmaps")) {
            if (bitmap.has("name")) {
                bitmaps.add(DirtyBitmap.of(bitmap));
            }
        }
        JsonNode image = json.path("image");
        String driver = json.required("drv").asString();
        // Version 2 files ("0.10") have no room for them.
        String compat =
                image.path("format-specific").path("data").path("compat").asString("");
        return new BlockNode(
                json.required("node-name").asString(),
                driver,
                json.path("ro").asBoolean(false),
                image.path("virtual-size").asLong(0),
                driver.equals("qcow2") && compat.equals("1.1"),
                bitmaps);
    }

    /** A dirty bitmap by name, or null. */
    @Nullable
    DirtyBitmap bitmap(String bitmapName) {
        return bitmaps.stream()
                .filter(bitmap -> bitmap.name().equals(bitmapName))
                .findFirst()
                .orElse(null);
    }
}
