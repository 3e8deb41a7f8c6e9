package dev.nightjar.storage.chunk;

import java.security.MessageDigest;
import java.security.SecureRandom;
import javax.crypto.spec.SecretKeySpec;

/**
 * The secret under which a repository's chunk ids are made: 32 bytes. Without it nobody can tell from an id whether a known content is stored. Immutable; never
 * printed.
 */
public final class IdKey {

    /** Length of the key in bytes. */
    public static final int BYTES = 32;

    private final byte[] bytes;

    private IdKey(byte[] bytes) {
        this.bytes = bytes;
    }

    /** A new key from {@code random}. */
    public static IdKey generate(SecureRandom random) {
        byte[] bytes = new byte[BYTES];
        random.nextBytes(bytes);
        return new IdKey(bytes);
    }

    /** The key in exactly {@link #BYTES} bytes, which are copied. */
    public static IdKey of(byte[] bytes) {
        if (bytes.length != BYTES) {
            throw new IllegalArgumentException("an id key has 32 bytes, not " + bytes.length);
        }
        return new IdKey(bytes.clone());
    }

    /** A copy of the key's bytes, for the key file only. */
    public byte[] toBytes() {
        return bytes.clone();
    }

    SecretKeySpec forMac() {
        return new SecretKeySpec(bytes, ChunkHasher.ALGORITHM);
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof IdKey key && MessageDigest.isEqual(bytes, key.bytes);
    }

    @Override
    public int hashCode() {
        return IdKey.class.hashCode();
    }

    @Override
    public String toString() {
        return "IdKey[secret]";
    }
}
