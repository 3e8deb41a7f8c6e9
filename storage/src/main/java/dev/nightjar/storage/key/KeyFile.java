package dev.nightjar.storage.key;

import dev.nightjar.storage.StorageErrorCode;
import dev.nightjar.storage.chunk.IdKey;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.util.Arrays;
import java.util.Base64;
import java.util.HexFormat;
import java.util.UUID;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/**
 * The secrets of a repository, kept in the blob {@code keys/<repository id>}. So far that is the id key, unprotected but for the file's permissions. Immutable.
 *
 * @param repositoryId the repository that it belongs to
 * @param idKey the key of the chunk ids
 */
record KeyFile(UUID repositoryId, IdKey idKey) {

    private static final String FORMAT = "nightjar-key";
    private static final int FORMAT_VERSION = 1;
    private static final String UNPROTECTED = "none";

    /** The domain byte that no kind of chunk has, and a text: what the check value is made of. */
    private static final byte[] CHECKED = "\0nightjar key check".getBytes(StandardCharsets.US_ASCII);

    private static final int CHECK_BYTES = 8;

    static String blobName(UUID repositoryId) {
        return "keys/" + repositoryId;
    }

    ByteBuffer encode() {
        return JsonBlob.encode(new Content(
                FORMAT,
                FORMAT_VERSION,
                repositoryId.toString(),
                UNPROTECTED,
                Base64.getEncoder().encodeToString(idKey.toBytes()),
                check(idKey)));
    }

    static KeyFile decode(ByteBuffer json, UUID repositoryId) {
        JsonBlob blob = JsonBlob.decode(json, blobName(repositoryId), StorageErrorCode.KEY_INVALID);
        blob.requireFormat(FORMAT, FORMAT_VERSION);
        Content content = blob.as(Content.class);
        if (!content.repositoryId.equals(repositoryId.toString())) {
            throw blob.invalid("it belongs to repository " + content.repositoryId, null);
        }
        if (!content.protection.equals(UNPROTECTED)) {
            throw blob.invalid("it is protected in a way that this release does not know", null);
        }
        IdKey idKey = idKey(blob, content.idKey);
        if (!content.idKeyCheck.equals(check(idKey))) {
            throw blob.invalid("its key does not fit its check value", null);
        }
        return new KeyFile(repositoryId, idKey);
    }

    private static IdKey idKey(JsonBlob blob, String base64) {
        try {
            return IdKey.of(Base64.getDecoder().decode(base64));
        } catch (IllegalArgumentException e) {
            throw blob.invalid("its key is not 32 bytes in base64", null);
        }
    }

    /** A value that tells a damaged key from the right one: with a wrong key every chunk would look new, or damaged. */
    private static String check(IdKey idKey) {
        try {
            Mac mac = Mac.getInstance("HmacSHA256");
            mac.init(new SecretKeySpec(idKey.toBytes(), "HmacSHA256"));
            return HexFormat.of().formatHex(Arrays.copyOf(mac.doFinal(CHECKED), CHECK_BYTES));
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("every Java platform has HmacSHA256", e);
        }
    }

    private record Content(
            String format,
            int formatVersion,
            String repositoryId,
            String protection,
            String idKey,
            String idKeyCheck) {}
}
