package dev.nightjar.storage.key;

import dev.nightjar.storage.StorageErrorCode;
import dev.nightjar.storage.StorageException;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.security.SecureRandom;
import java.util.Arrays;
import java.util.Locale;
import org.bouncycastle.util.encoders.Base32;
import org.bouncycastle.util.encoders.DecoderException;

/**
 * A second way into an encrypted repository, for the day when the passphrase is forgotten: 160 random bits, shown once as ten groups of four letters and
 * digits (base 32, RFC 4648, with a checksum that finds typing errors). Immutable; printed only by {@link #text}.
 */
public final class RecoveryKey {

    private static final int SECRET_BYTES = 20;
    private static final int CHECK_BYTES = 5;
    private static final int GROUP = 4;

    private final byte[] secret;

    private RecoveryKey(byte[] secret) {
        this.secret = secret;
    }

    /** A new one from {@code random}. */
    public static RecoveryKey generate(SecureRandom random) {
        byte[] secret = new byte[SECRET_BYTES];
        random.nextBytes(secret);
        return new RecoveryKey(secret);
    }

    /**
     * Reads what {@link #text} wrote; case, spaces and dashes do not matter.
     *
     * @throws StorageException PASSPHRASE_WRONG if it is no recovery key, or mistyped
     */
    public static RecoveryKey parse(String text) {
        String letters = text.replaceAll("[\\s-]", "").toUpperCase(Locale.ROOT);
        if (letters.length() == (SECRET_BYTES + CHECK_BYTES) * 8 / 5) {
            try {
                byte[] bytes = Base32.decode(letters);
                byte[] secret = Arrays.copyOf(bytes, SECRET_BYTES);
                if (Arrays.equals(check(secret), 0, CHECK_BYTES, bytes, SECRET_BYTES, bytes.length)) {
                    return new RecoveryKey(secret);
                }
            } catch (DecoderException e) {
                throw mistyped();
            }
        }
        throw mistyped();
    }

    /** The key for a person to keep. */
    public String text() {
        byte[] bytes = Arrays.copyOf(secret, SECRET_BYTES + CHECK_BYTES);
        System.arraycopy(check(secret), 0, bytes, SECRET_BYTES, CHECK_BYTES);
        return String.join("-", Base32.toBase32String(bytes).split("(?<=\\G.{" + GROUP + "})"));
    }

    byte[] secret() {
        return secret.clone();
    }

    private static byte[] check(byte[] secret) {
        try {
            MessageDigest sha256 = MessageDigest.getInstance("SHA-256");
            sha256.update("nightjar recovery key".getBytes(StandardCharsets.US_ASCII));
            return Arrays.copyOf(sha256.digest(secret), CHECK_BYTES);
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("every Java platform has SHA-256", e);
        }
    }

    private static StorageException mistyped() {
        return new StorageException(
                StorageErrorCode.PASSPHRASE_WRONG,
                "this is not a recovery key",
                "A recovery key has ten groups of four letters and digits; one of them may be mistyped.");
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof RecoveryKey key && MessageDigest.isEqual(secret, key.secret);
    }

    @Override
    public int hashCode() {
        return RecoveryKey.class.hashCode();
    }

    @Override
    public String toString() {
        return "RecoveryKey[secret]";
    }
}
