package dev.nightjar.service.repository;

import dev.nightjar.service.config.NightjarProperties;
import dev.nightjar.service.error.NightjarException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.SecureRandom;
import java.util.Arrays;
import java.util.Base64;
import javax.crypto.AEADBadTagException;
import javax.crypto.Cipher;
import javax.crypto.spec.GCMParameterSpec;
import javax.crypto.spec.SecretKeySpec;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.stereotype.Component;

/**
 * Seals what must not stand readable in the database (AES-256-GCM) under a key in a file of the data directory, made when the first secret is sealed. Thread-safe.
 *
 * <p>A sealed secret is a nonce of 12 bytes, the ciphertext, a tag of 16; what it is for is the associated data. A file that is there and cannot be read now is not taken for one that was never made: opening
 * makes no key, and sealing replaces none.
 */
@Component
class SealedSecrets {

    private static final Logger LOG = LoggerFactory.getLogger(SealedSecrets.class);

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
     * Seals a secret; makes the key if there is none.
     *
     * @throws NightjarException SECRETS_KEY_UNUSABLE
     */
    byte[] seal(String secret, String purpose) {
        byte[] nonce = new byte[NONCE_BYTES];
        random.nextBytes(nonce);
        byte[] content = secret.getBytes(StandardCharsets.UTF_8);
        try {
            byte[] sealed = cipher(Cipher.ENCRYPT_MODE, readOrMake(), nonce, purpose, content, 0);
            byte[] all = Arrays.copyOf(nonce, NONCE_BYTES + sealed.length);
            System.arraycopy(sealed, 0, all, NONCE_BYTES, sealed.length);
            return all;
        } catch (GeneralSecurityException | IOException | IllegalArgumentException e) {
            throw unusable(e.toString(), e);
        }
    }

    /**
     * The secret.
     *
     * @throws NightjarException SECRETS_KEY_UNUSABLE, also if it was sealed under another key
     */
    String open(byte[] sealed, String purpose) {
        try {
            return new String(opened(sealed, purpose), StandardCharsets.UTF_8);
        } catch (GeneralSecurityException e) {
            throw unusable("it does not open what was sealed for " + purpose, e);
        } catch (IOException | IllegalArgumentException e) {
            throw unusable(e.toString(), e);
        }
    }

    private synchronized byte[] opened(byte[] sealed, String purpose) throws IOException, GeneralSecurityException {
        SecretKeySpec known = key;
        if (known != null) {
            try {
                return cipher(Cipher.DECRYPT_MODE, known, sealed, purpose, sealed, NONCE_BYTES);
            } catch (AEADBadTagException e) {
                LOG.debug("the key file {} is read anew: perhaps it is another one by now", file, e);
            }
        }
        return cipher(Cipher.DECRYPT_MODE, read(), sealed, purpose, sealed, NONCE_BYTES);
    }

    private static byte[] cipher(int mode, SecretKeySpec key, byte[] nonce, String purpose, byte[] content, int offset)
            throws GeneralSecurityException {
        Cipher cipher = Cipher.getInstance("AES/GCM/NoPadding");
        cipher.init(mode, key, new GCMParameterSpec(TAG_BITS, nonce, 0, NONCE_BYTES));
        cipher.updateAAD(purpose.getBytes(StandardCharsets.UTF_8));
        return cipher.doFinal(content, offset, content.length - offset);
    }

    /** What is sealed now has to open after a restart, so that the file counts and not what is in memory. */
    private synchronized SecretKeySpec readOrMake() throws IOException {
        try {
            return read();
        } catch (NoSuchFileException e) {
            make();
            return read();
        }
    }

    /** Of several that make one the first counts. A key that is still known is put back rather than a second one made. */
    private void make() throws IOException {
        byte[] bytes = key == null ? null : key.getEncoded();
        if (bytes == null) {
            bytes = new byte[KEY_BYTES];
            random.nextBytes(bytes);
        }
        try {
            PrivateFiles.create(file, Base64.getEncoder().encodeToString(bytes));
        } catch (FileAlreadyExistsException e) {
            LOG.debug("somebody else has made the key file {}", file, e);
        }
    }

    private SecretKeySpec read() throws IOException {
        byte[] bytes = Base64.getDecoder().decode(Files.readString(file).strip());
        if (bytes.length != KEY_BYTES) {
            throw new IOException("it does not hold 32 bytes in base64");
        }
        SecretKeySpec read = new SecretKeySpec(bytes, "AES");
        key = read;
        return read;
    }

    private NightjarException unusable(String why, Throwable cause) {
        return new NightjarException(
                org.springframework.http.HttpStatus.INTERNAL_SERVER_ERROR,
                "SECRETS_KEY_UNUSABLE",
                "the key file " + file + " cannot be used: " + why,
                "Is its file system mounted, and may the service's user read it? If it is lost, bring it back from a copy, or, once the file system is mounted, give the repository its access key again.",
                cause);
    }
}
