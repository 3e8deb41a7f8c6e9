package dev.nightjar.service.repository;

import dev.nightjar.service.config.NightjarProperties;
import dev.nightjar.service.error.NightjarException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.SecureRandom;
import java.util.Arrays;
import java.util.Base64;
import javax.crypto.Cipher;
import javax.crypto.spec.GCMParameterSpec;
import javax.crypto.spec.SecretKeySpec;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;

/**
 * Seals what must not stand readable in the database (AES-256-GCM) under a key in a file of the data directory, made at the first need. Thread-safe.
 *
 * <p>A sealed secret is a nonce of 12 bytes, the ciphertext, a tag of 16; what it is for is the associated data.
 */
@Component
class SealedSecrets {

    private static final int KEY_BYTES = 32;
    private static final int NONCE_BYTES = 12;
    private static final int TAG_BITS = 128;

    private final Path file;
    private final SecureRandom random = new SecureRandom();
    private @Nullable SecretKeySpec key;

    SealedSecrets(NightjarProperties properties) {
        this.file = properties.secretsKeyFile();
    }

    /**
     * Seals a secret.
     *
     * @throws NightjarException SECRETS_KEY_UNUSABLE
     */
    byte[] seal(String secret, String purpose) {
        byte[] nonce = new byte[NONCE_BYTES];
        random.nextBytes(nonce);
        byte[] sealed = cipher(Cipher.ENCRYPT_MODE, nonce, purpose, secret.getBytes(StandardCharsets.UTF_8), 0);
        byte[] all = Arrays.copyOf(nonce, NONCE_BYTES + sealed.length);
        System.arraycopy(sealed, 0, all, NONCE_BYTES, sealed.length);
        return all;
    }

    /**
     * The secret.
     *
     * @throws NightjarException SECRETS_KEY_UNUSABLE, also if it was sealed under another key
     */
    String open(byte[] sealed, String purpose) {
        return new String(cipher(Cipher.DECRYPT_MODE, sealed, purpose, sealed, NONCE_BYTES), StandardCharsets.UTF_8);
    }

    private byte[] cipher(int mode, byte[] nonce, String purpose, byte[] content, int offset) {
        try {
            Cipher cipher = Cipher.getInstance("AES/GCM/NoPadding");
            cipher.init(mode, key(), new GCMParameterSpec(TAG_BITS, nonce, 0, NONCE_BYTES));
            cipher.updateAAD(purpose.getBytes(StandardCharsets.UTF_8));
            return cipher.doFinal(content, offset, content.length - offset);
        } catch (GeneralSecurityException e) {
            throw unusable("it does not open what was sealed for " + purpose, e);
        }
    }

    private synchronized SecretKeySpec key() {
        if (key == null) {
            try {
                if (!Files.exists(file)) {
                    byte[] fresh = new byte[KEY_BYTES];
                    random.nextBytes(fresh);
                    PrivateFiles.write(file, Base64.getEncoder().encodeToString(fresh));
                }
                byte[] bytes = Base64.getDecoder().decode(Files.readString(file).strip());
                if (bytes.length != KEY_BYTES) {
                    throw unusable("it does not hold 32 bytes in base64", null);
                }
                key = new SecretKeySpec(bytes, "AES");
            } catch (IOException | IllegalArgumentException e) {
                throw unusable(e.toString(), e);
            }
        }
        return key;
    }

    private NightjarException unusable(String why, @Nullable Throwable cause) {
        return new NightjarException(
                org.springframework.http.HttpStatus.INTERNAL_SERVER_ERROR,
                "SECRETS_KEY_UNUSABLE",
                "the key file " + file + " cannot be used: " + why,
                "Bring the file back from a copy of the data directory, or give the repository its access key again.",
                cause);
    }
}
