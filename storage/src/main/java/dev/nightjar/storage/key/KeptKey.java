package dev.nightjar.storage.key;

import dev.nightjar.storage.StorageErrorCode;
import dev.nightjar.storage.StorageException;
import dev.nightjar.storage.chunk.IdKey;
import dev.nightjar.storage.seal.DataKey;
import java.util.Arrays;
import java.util.Base64;

/**
 * The secrets of an encrypted repository in the clear, for somebody who has to open it unattended. Whoever has its text can read the repository, whatever the passphrase
 * is changed to. Immutable; printed only by {@link #text}.
 */
public final class KeptKey {

    private final Secrets secrets;

    private KeptKey(Secrets secrets) {
        this.secrets = secrets;
    }

    static KeptKey of(IdKey idKey, DataKey dataKey) {
        return new KeptKey(new Secrets(idKey, dataKey));
    }

    /**
     * Reads what {@link #text} wrote.
     *
     * @throws StorageException KEY_INVALID
     */
    public static KeptKey parse(String text) {
        try {
            byte[] bytes = Base64.getDecoder().decode(text.strip());
            if (bytes.length == IdKey.BYTES + DataKey.BYTES) {
                return of(
                        IdKey.of(Arrays.copyOf(bytes, IdKey.BYTES)),
                        DataKey.of(Arrays.copyOfRange(bytes, IdKey.BYTES, bytes.length)));
            }
        } catch (IllegalArgumentException e) {
            throw invalid();
        }
        throw invalid();
    }

    /** The secrets in base64, for a file that only its owner reads. */
    public String text() {
        DataKey dataKey = secrets.dataKey();
        if (dataKey == null) {
            throw new IllegalStateException("only encrypted repositories have kept keys");
        }
        byte[] bytes = Arrays.copyOf(secrets.idKey().toBytes(), IdKey.BYTES + DataKey.BYTES);
        System.arraycopy(dataKey.toBytes(), 0, bytes, IdKey.BYTES, DataKey.BYTES);
        return Base64.getEncoder().encodeToString(bytes);
    }

    Secrets secrets() {
        return secrets;
    }

    private static StorageException invalid() {
        return new StorageException(
                StorageErrorCode.KEY_INVALID,
                "this is not a kept key",
                "Unlock the repository with its passphrase or its recovery key, and keep the key again.");
    }

    @Override
    public String toString() {
        return "KeptKey[secret]";
    }
}
