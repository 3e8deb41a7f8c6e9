package dev.nightjar.storage.key;

import dev.nightjar.storage.StorageErrorCode;
import dev.nightjar.storage.StorageException;
import dev.nightjar.storage.seal.FrameChecksum;
import java.nio.ByteBuffer;
import java.util.HexFormat;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.SerializationFeature;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/**
 * A small JSON object with the members {@code format} and {@code formatVersion}, as people find it in a repository. Version and format are looked at before anything
 * else, then a checksum; members that are not known are ignored, members that are missing are not.
 */
record JsonBlob(JsonNode root, String name, StorageErrorCode code) {

    private static final JsonMapper JSON = JsonMapper.builder()
            .enable(SerializationFeature.INDENT_OUTPUT)
            .enable(
                    DeserializationFeature.FAIL_ON_MISSING_CREATOR_PROPERTIES,
                    DeserializationFeature.FAIL_ON_NULL_CREATOR_PROPERTIES,
                    DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
            .build();

    /** The same without white space: what the checksum is made of. */
    private static final JsonMapper COMPACT = JsonMapper.builder().build();

    private static final String CHECKSUM = "crc32c";

    static ByteBuffer encode(Object content) {
        ObjectNode object = JSON.valueToTree(content);
        return ByteBuffer.wrap(JSON.writeValueAsBytes(object.put(CHECKSUM, checksum(object))));
    }

    private static String checksum(ObjectNode object) {
        ObjectNode checked = object.deepCopy();
        checked.remove(CHECKSUM);
        return HexFormat.of().toHexDigits(FrameChecksum.of(ByteBuffer.wrap(COMPACT.writeValueAsBytes(checked))));
    }

    /**
     * Parses a blob.
     *
     * @param code what a broken one is called
     */
    static JsonBlob decode(ByteBuffer json, String name, StorageErrorCode code) {
        byte[] bytes = new byte[json.remaining()];
        json.duplicate().get(bytes);
        try {
            return new JsonBlob(JSON.readTree(bytes), name, code);
        } catch (JacksonException e) {
            throw invalid(name, code, "it is not JSON", e);
        }
    }

    void requireFormat(String format, int newestVersion) {
        if (!format.equals(root.path("format").asString(""))) {
            throw invalid("it is not of format " + format, null);
        }
        int version = root.path("formatVersion").asInt(0);
        if (version > newestVersion) {
            throw new StorageException(
                    StorageErrorCode.FORMAT_UNSUPPORTED,
                    name + " has format version " + version + "; this release reads up to " + newestVersion,
                    "The repository was written by a newer release; use that release or a later one.");
        }
        if (version < 1) {
            throw invalid("it has no format version", null);
        }
        requireChecksum();
    }

    // Files of before there was one have none.
    private void requireChecksum() {
        if (root instanceof ObjectNode object
                && object.has(CHECKSUM)
                && !checksum(object).equals(object.path(CHECKSUM).asString(""))) {
            throw invalid("its checksum is wrong", null);
        }
    }

    <T> T as(Class<T> type) {
        try {
            return JSON.treeToValue(root, type);
        } catch (JacksonException e) {
            // Only the member's place, never the exception's own text: that may quote a key.
            throw invalid("a member is missing or has the wrong type", null);
        }
    }

    StorageException invalid(String why, @Nullable Throwable cause) {
        return invalid(name, code, why, cause);
    }

    private static StorageException invalid(String name, StorageErrorCode code, String why, @Nullable Throwable cause) {
        return new StorageException(
                code,
                "the repository's " + name + " cannot be used: " + why,
                "Bring the file back from a copy of the repository.",
                cause);
    }
}
