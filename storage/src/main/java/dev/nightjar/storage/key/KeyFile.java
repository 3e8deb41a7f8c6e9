package dev.nightjar.storage.key;

import dev.nightjar.storage.StorageErrorCode;
import dev.nightjar.storage.StorageException;
import dev.nightjar.storage.chunk.IdKey;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.SecureRandom;
import java.util.Arrays;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;
import java.util.UUID;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/**
 * The secrets of a repository as they lie in {@code keys/}: the id key as it is, protected by the file's permissions only, or, in a repository that is encrypted, id
 * key and data key wrapped once under the passphrase and once under the recovery key.
 */
final class KeyFile {

    private static final String FORMAT = "nightjar-key";
    private static final int FORMAT_VERSION = 1;
    private static final String UNPROTECTED = "none";
    private static final String SLOTS = "slots";

    /** The domain byte that no kind of chunk has, and a text: what the check value is made of. */
    private static final byte[] CHECKED = "\0nightjar key check".getBytes(StandardCharsets.US_ASCII);

    private static final int CHECK_BYTES = 8;

    private final UUID repositoryId;
    private final JsonBlob blob;
    private final Head head;

    private KeyFile(UUID repositoryId, JsonBlob blob) {
        this.repositoryId = repositoryId;
        this.blob = blob;
        this.head = blob.as(Head.class);
    }

    /** A key file that protects nothing. */
    static ByteBuffer encode(UUID repositoryId, IdKey idKey) {
        return JsonBlob.encode(new Unprotected(
                FORMAT,
                FORMAT_VERSION,
                repositoryId.toString(),
                UNPROTECTED,
                check(idKey),
                Base64.getEncoder().encodeToString(idKey.toBytes())));
    }

    /** A key file that a passphrase and a recovery key open. */
    static ByteBuffer encode(
            UUID repositoryId, Secrets secrets, String passphrase, RecoveryKey recoveryKey, SecureRandom random) {
        return encode(
                repositoryId,
                secrets,
                List.of(
                        KeySlot.ofPassphrase(passphrase, secrets, repositoryId, random),
                        KeySlot.ofRecoveryKey(recoveryKey, secrets, repositoryId, random)));
    }

    private static ByteBuffer encode(UUID repositoryId, Secrets secrets, List<KeySlot> slots) {
        return JsonBlob.encode(
                new Slotted(FORMAT, FORMAT_VERSION, repositoryId.toString(), SLOTS, check(secrets.idKey()), slots));
    }

    /**
     * Reads a key file.
     *
     * @throws StorageException KEY_INVALID, FORMAT_UNSUPPORTED
     */
    static KeyFile decode(ByteBuffer json, String name, UUID repositoryId) {
        JsonBlob blob = JsonBlob.decode(json, name, StorageErrorCode.KEY_INVALID);
        blob.requireFormat(FORMAT, FORMAT_VERSION);
        KeyFile file = new KeyFile(repositoryId, blob);
        if (!file.head.repositoryId.equals(repositoryId.toString())) {
            throw blob.invalid("it belongs to repository " + file.head.repositoryId, null);
        }
        if (!file.head.protection.equals(UNPROTECTED) && !file.locked()) {
            throw blob.invalid("it is protected in a way that this release does not know", null);
        }
        return file;
    }

    /** Whether it takes a passphrase or a recovery key to open it. */
    boolean locked() {
        return head.protection.equals(SLOTS);
    }

    /**
     * The secrets.
     *
     * @throws StorageException REPOSITORY_LOCKED, PASSPHRASE_WRONG, KEY_INVALID
     */
    Secrets open(Unlock unlock) {
        Secrets secrets = locked() ? unlocked(unlock) : new Secrets(idKey(blob.as(Unprotected.class).idKey), null);
        if (!head.idKeyCheck.equals(check(secrets.idKey()))) {
            throw blob.invalid("its key does not fit its check value", null);
        }
        return secrets;
    }

    /** The same secrets and recovery key under another passphrase. */
    ByteBuffer withPassphrase(Secrets secrets, String passphrase, SecureRandom random) {
        List<KeySlot> slots = blob.as(Slotted.class).slots.stream()
                .map(slot -> slot.kind().equals(KeySlot.PASSPHRASE)
                        ? KeySlot.ofPassphrase(passphrase, secrets, repositoryId, random)
                        : slot)
                .toList();
        return encode(repositoryId, secrets, slots);
    }

    private Secrets unlocked(Unlock unlock) {
        if (unlock instanceof Unlock.Nothing) {
            throw new StorageException(
                    StorageErrorCode.REPOSITORY_LOCKED,
                    "the repository " + repositoryId + " is encrypted",
                    "Unlock it with its passphrase or its recovery key.");
        }
        if (unlock instanceof Unlock.Kept(KeptKey key)) {
            return kept(key);
        }
        try {
            for (KeySlot slot : blob.as(Slotted.class).slots) {
                Secrets secrets = slot.fits(unlock) ? slot.open(unlock, repositoryId) : null;
                if (secrets != null) {
                    return secrets;
                }
            }
        } catch (IllegalArgumentException e) {
            throw blob.invalid("a slot is not as it was written", null);
        }
        throw new StorageException(
                StorageErrorCode.PASSPHRASE_WRONG,
                "this does not open the repository " + repositoryId,
                "Check the keyboard layout; the recovery key opens it too.");
    }

    private Secrets kept(KeptKey key) {
        if (!head.idKeyCheck.equals(check(key.secrets().idKey()))) {
            throw new StorageException(
                    StorageErrorCode.KEY_INVALID,
                    "the kept key is not that of the repository " + repositoryId,
                    "Unlock it with its passphrase or its recovery key, and keep the key again.");
        }
        return key.secrets();
    }

    private IdKey idKey(String base64) {
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

    private record Head(String repositoryId, String protection, String idKeyCheck) {}

    private record Unprotected(
            String format,
            int formatVersion,
            String repositoryId,
            String protection,
            String idKeyCheck,
            String idKey) {}

    private record Slotted(
            String format,
            int formatVersion,
            String repositoryId,
            String protection,
            String idKeyCheck,
            List<KeySlot> slots) {}
}
