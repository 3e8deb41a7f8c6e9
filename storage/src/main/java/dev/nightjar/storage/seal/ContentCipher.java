package dev.nightjar.storage.seal;

import java.nio.ByteBuffer;
import java.security.GeneralSecurityException;
import java.security.SecureRandom;
import javax.crypto.AEADBadTagException;
import javax.crypto.Cipher;
import javax.crypto.KDF;
import javax.crypto.SecretKey;
import javax.crypto.spec.GCMParameterSpec;
import javax.crypto.spec.HKDFParameterSpec;

/**
 * AES-256-GCM under keys that are derived from a repository's data key.
 *
 * <pre>
 *   salt     16 bytes, random for each cipher object
 *   nonce    12 bytes, counts up
 *   sealed   as long as what was sealed
 *   tag      16 bytes
 * </pre>
 *
 * The key is HKDF-Expand(data key, salt, 32 bytes) with SHA-256 (RFC 5869). A random salt for every object, rather than a random nonce for
 * every message, keeps nonces apart however many frames a repository gets. Sealing is for one thread at a time; opening is stateless.
 */
public final class ContentCipher {

    /** How much longer sealed bytes are. */
    public static final int OVERHEAD_BYTES = 16 + 12 + 16;

    private static final int SALT_BYTES = 16;
    private static final int NONCE_BYTES = 12;
    private static final int TAG_BITS = 128;
    private static final String CIPHER = "AES/GCM/NoPadding";
    private static final String KDF_NAME = "HKDF-SHA256";

    private final byte[] salt;
    private final SecretKey key;
    private final Cipher cipher;
    private long messages;

    /** A cipher that seals under a key of its own. */
    public ContentCipher(DataKey dataKey, SecureRandom random) {
        salt = new byte[SALT_BYTES];
        random.nextBytes(salt);
        try {
            key = derive(dataKey, salt);
            cipher = Cipher.getInstance(CIPHER);
        } catch (GeneralSecurityException e) {
            throw missing(e);
        }
    }

    /**
     * Seals bytes.
     *
     * @param associated what has to be the same when they are opened
     * @return a new array, {@link #OVERHEAD_BYTES} longer
     */
    public byte[] seal(byte[] plain, byte[] associated) {
        byte[] sealed = new byte[plain.length + OVERHEAD_BYTES];
        seal(plain, 0, plain.length, associated, sealed);
        return sealed;
    }

    /**
     * Seals bytes into another array, from its beginning.
     *
     * @param associated what has to be the same when they are opened
     * @return how many bytes of it they take, {@link #OVERHEAD_BYTES} more than {@code length}
     */
    int seal(byte[] plain, int offset, int length, byte[] associated, byte[] sealed) {
        ByteBuffer.wrap(sealed).put(salt).putInt(0).putLong(messages++);
        try {
            cipher.init(Cipher.ENCRYPT_MODE, key, new GCMParameterSpec(TAG_BITS, sealed, SALT_BYTES, NONCE_BYTES));
            cipher.updateAAD(associated);
            int start = SALT_BYTES + NONCE_BYTES;
            return start + cipher.doFinal(plain, offset, length, sealed, start);
        } catch (GeneralSecurityException e) {
            throw missing(e);
        }
    }

    /**
     * Opens sealed bytes. Any thread.
     *
     * @return the plaintext in a new array
     * @throws AEADBadTagException if these are not the bytes that were sealed under this key with this associated data
     */
    public static byte[] open(DataKey dataKey, byte[] sealed, byte[] associated) throws AEADBadTagException {
        if (sealed.length < OVERHEAD_BYTES) {
            throw new AEADBadTagException("only " + sealed.length + " bytes");
        }
        byte[] salt = new byte[SALT_BYTES];
        System.arraycopy(sealed, 0, salt, 0, SALT_BYTES);
        try {
            Cipher cipher = Cipher.getInstance(CIPHER);
            GCMParameterSpec nonce = new GCMParameterSpec(TAG_BITS, sealed, SALT_BYTES, NONCE_BYTES);
            cipher.init(Cipher.DECRYPT_MODE, derive(dataKey, salt), nonce);
            cipher.updateAAD(associated);
            int start = SALT_BYTES + NONCE_BYTES;
            return cipher.doFinal(sealed, start, sealed.length - start);
        } catch (AEADBadTagException e) {
            throw e;
        } catch (GeneralSecurityException e) {
            throw missing(e);
        }
    }

    private static SecretKey derive(DataKey dataKey, byte[] salt) throws GeneralSecurityException {
        return KDF.getInstance(KDF_NAME)
                .deriveKey("AES", HKDFParameterSpec.expandOnly(dataKey.forDerivation(), salt, DataKey.BYTES));
    }

    private static IllegalStateException missing(GeneralSecurityException e) {
        return new IllegalStateException("this Java platform lacks " + CIPHER + " or " + KDF_NAME, e);
    }
}
