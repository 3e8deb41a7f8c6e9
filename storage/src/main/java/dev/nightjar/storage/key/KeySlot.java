package dev.nightjar.storage.key;

import dev.nightjar.storage.chunk.IdKey;
import dev.nightjar.storage.seal.DataKey;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.SecureRandom;
import java.text.Normalizer;
import java.util.Arrays;
import java.util.Base64;
import java.util.UUID;
import javax.crypto.AEADBadTagException;
import javax.crypto.Cipher;
import javax.crypto.KDF;
import javax.crypto.SecretKey;
import javax.crypto.spec.GCMParameterSpec;
import javax.crypto.spec.HKDFParameterSpec;
import javax.crypto.spec.SecretKeySpec;
import org.bouncycastle.crypto.generators.Argon2BytesGenerator;
import org.bouncycastle.crypto.params.Argon2Parameters;
import org.jspecify.annotations.Nullable;

/**
 * The secrets of a repository, wrapped under one way into it (AES-256-GCM). The wrapping key comes from a passphrase by Argon2id (RFC 9106), or from
 * the recovery key, which is random enough by itself, by HKDF (RFC 5869).
 *
 * @param kind {@code passphrase} or {@code recovery}
 * @param memoryKib Argon2id's memory in KiB; 0 for the recovery key, as are the next two
 * @param iterations Argon2id's passes
 * @param lanes Argon2id's lanes
 * @param salt 16 random bytes, base64
 * @param wrapped nonce, id key and data key, tag: 12 + 64 + 16 bytes, base64
 */
record KeySlot(String kind, int memoryKib, int iterations, int lanes, String salt, String wrapped) {

    static final String PASSPHRASE = "passphrase";
    static final String RECOVERY = "recovery";

    /** The second recommendation of RFC 9106, section 4: three passes over 64 MiB. */
    private static final int MEMORY_KIB = 64 * 1024;

    private static final int ITERATIONS = 3;
    private static final int LANES = 4;

    /** A file asks for no more than this of whoever opens it. */
    private static final int MOST_MEMORY_KIB = 1024 * 1024;

    private static final int MOST_ITERATIONS = 64;
    private static final int MOST_LANES = 64;

    private static final int SALT_BYTES = 16;
    private static final int NONCE_BYTES = 12;
    private static final int TAG_BYTES = 16;
    private static final int WRAPPING_KEY_BYTES = 32;

    static KeySlot ofPassphrase(String passphrase, Secrets secrets, UUID repositoryId, SecureRandom random) {
        byte[] salt = randomBytes(SALT_BYTES, random);
        return wrap(
                new KeySlot(PASSPHRASE, MEMORY_KIB, ITERATIONS, LANES, base64(salt), ""),
                secrets,
                repositoryId,
                new Unlock.Passphrase(passphrase),
                random);
    }

    static KeySlot ofRecoveryKey(RecoveryKey key, Secrets secrets, UUID repositoryId, SecureRandom random) {
        byte[] salt = randomBytes(SALT_BYTES, random);
        return wrap(
                new KeySlot(RECOVERY, 0, 0, 0, base64(salt), ""),
                secrets,
                repositoryId,
                new Unlock.Recovery(key),
                random);
    }

    /**
     * The secrets, or null if this is the wrong passphrase or recovery key.
     *
     * @throws IllegalArgumentException if the slot is not as it was written
     */
    @Nullable
    Secrets open(Unlock unlock, UUID repositoryId) {
        byte[] bytes = Base64.getDecoder().decode(wrapped);
        if (bytes.length != NONCE_BYTES + IdKey.BYTES + DataKey.BYTES + TAG_BYTES) {
            throw new IllegalArgumentException("wrapped keys of " + bytes.length + " bytes");
        }
        try {
            Cipher cipher = cipher(Cipher.DECRYPT_MODE, unlock, bytes, repositoryId);
            byte[] plain = cipher.doFinal(bytes, NONCE_BYTES, bytes.length - NONCE_BYTES);
            return new Secrets(
                    IdKey.of(Arrays.copyOf(plain, IdKey.BYTES)),
                    DataKey.of(Arrays.copyOfRange(plain, IdKey.BYTES, plain.length)));
        } catch (AEADBadTagException e) {
            return null;
        } catch (GeneralSecurityException e) {
            throw missing(e);
        }
    }

    /** Whether this is the slot for that way in. */
    boolean fits(Unlock unlock) {
        return switch (unlock) {
            case Unlock.Nothing _, Unlock.Kept _ -> false;
            case Unlock.Passphrase _ -> kind.equals(PASSPHRASE);
            case Unlock.Recovery _ -> kind.equals(RECOVERY);
        };
    }

    private static KeySlot wrap(KeySlot empty, Secrets secrets, UUID repositoryId, Unlock unlock, SecureRandom random) {
        DataKey dataKey = secrets.dataKey();
        if (dataKey == null) {
            throw new IllegalArgumentException("a repository that is not encrypted has no key slots");
        }
        byte[] nonce = randomBytes(NONCE_BYTES, random);
        byte[] plain = new byte[IdKey.BYTES + DataKey.BYTES];
        System.arraycopy(secrets.idKey().toBytes(), 0, plain, 0, IdKey.BYTES);
        System.arraycopy(dataKey.toBytes(), 0, plain, IdKey.BYTES, DataKey.BYTES);
        try {
            byte[] sealed = empty.cipher(Cipher.ENCRYPT_MODE, unlock, nonce, repositoryId)
                    .doFinal(plain);
            byte[] wrapped = Arrays.copyOf(nonce, NONCE_BYTES + sealed.length);
            System.arraycopy(sealed, 0, wrapped, NONCE_BYTES, sealed.length);
            return new KeySlot(empty.kind, empty.memoryKib, empty.iterations, empty.lanes, empty.salt, base64(wrapped));
        } catch (GeneralSecurityException e) {
            throw missing(e);
        }
    }

    private Cipher cipher(int mode, Unlock unlock, byte[] nonce, UUID repositoryId) throws GeneralSecurityException {
        Cipher cipher = Cipher.getInstance("AES/GCM/NoPadding");
        cipher.init(mode, wrappingKey(unlock), new GCMParameterSpec(TAG_BYTES * 8, nonce, 0, NONCE_BYTES));
        cipher.updateAAD((kind + " " + repositoryId).getBytes(StandardCharsets.US_ASCII));
        return cipher;
    }

    private SecretKey wrappingKey(Unlock unlock) throws GeneralSecurityException {
        byte[] saltBytes = Base64.getDecoder().decode(salt);
        return switch (unlock) {
            case Unlock.Passphrase(String text) -> new SecretKeySpec(argon2id(text, saltBytes), "AES");
            case Unlock.Recovery(RecoveryKey key) ->
                KDF.getInstance("HKDF-SHA256")
                        .deriveKey(
                                "AES",
                                HKDFParameterSpec.ofExtract()
                                        .addIKM(key.secret())
                                        .addSalt(saltBytes)
                                        .thenExpand(
                                                "nightjar recovery".getBytes(StandardCharsets.US_ASCII),
                                                WRAPPING_KEY_BYTES));
            case Unlock.Nothing _, Unlock.Kept _ ->
                throw new IllegalArgumentException("a slot is opened by something else");
        };
    }

    private byte[] argon2id(String passphrase, byte[] saltBytes) {
        if (memoryKib < 8
                || memoryKib > MOST_MEMORY_KIB
                || iterations < 1
                || iterations > MOST_ITERATIONS
                || lanes < 1
                || lanes > MOST_LANES) {
            throw new IllegalArgumentException(
                    "Argon2id with " + memoryKib + " KiB, " + iterations + " passes, " + lanes + " lanes");
        }
        Argon2BytesGenerator generator = new Argon2BytesGenerator();
        generator.init(new Argon2Parameters.Builder(Argon2Parameters.ARGON2_id)
                .withVersion(Argon2Parameters.ARGON2_VERSION_13)
                .withMemoryAsKB(memoryKib)
                .withIterations(iterations)
                .withParallelism(lanes)
                .withSalt(saltBytes)
                .build());
        // Keyboards differ in how they compose letters; the passphrase is the same.
        byte[] typed = Normalizer.normalize(passphrase, Normalizer.Form.NFKC).getBytes(StandardCharsets.UTF_8);
        byte[] key = new byte[WRAPPING_KEY_BYTES];
        generator.generateBytes(typed, key);
        return key;
    }

    private static byte[] randomBytes(int length, SecureRandom random) {
        byte[] bytes = new byte[length];
        random.nextBytes(bytes);
        return bytes;
    }

    private static String base64(byte[] bytes) {
        return Base64.getEncoder().encodeToString(bytes);
    }

    private static IllegalStateException missing(GeneralSecurityException e) {
        return new IllegalStateException("every Java platform of this version has AES-GCM and HKDF", e);
    }
}
