package dev.nightjar.storage.seal;

import java.security.MessageDigest;
import java.security.SecureRandom;
import javax.crypto.SecretKey;
import javax.crypto.spec.SecretKeySpec;

/** The secret under which an encrypted repository's content is sealed: 32 bytes. Immutable; never printed. */
public final class DataKey {

    /** Length of the key in bytes. */
    public static final int BYTES = 32;

    private final byte[] bytes;

    private DataKey(byte[] bytes) {
        this.bytes = bytes;
    }

    /** A new key from {@code random}. */
    public static DataKey generate(SecureRandom random) {
        byte[] bytes = new byte[BYTES];
        random.nextBytes(bytes);
        return new DataKey(bytes);
    }

    /** The key in exactly {@link #BYTES} bytes, which are copied. */
    public static DataKey of(byte[] bytes) {
        if (bytes.length != BYTES) {
            throw new IllegalArgumentException("a data key has 32 bytes, not " + bytes.length);
        }
        return new DataKey(bytes.clone());
    }

    /** A copy of the key's bytes, for the key file only. */
    public byte[] toBytes() {
        return bytes.clone();
    }

    SecretKey forDerivation() {
        return new SecretKeySpec(bytes, "HKDF-SHA256");
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof DataKey key && MessageDigest.isEqual(bytes, key.bytes);
    }

    @Override
    public int hashCode() {
        return DataKey.class.hashCode();
    }

    @Override
    public String toString() {
        return "DataKey[secret]";
    }
}
