package dev.nightjar.storage.key;

/**
 * What will open a repository that is to be encrypted. Never printed.
 *
 * @param passphrase what people type
 * @param recoveryKey what they keep; to be shown once
 */
public record NewKeys(String passphrase, RecoveryKey recoveryKey) {

    /** Shortest passphrase that is accepted, in characters. */
    public static final int MIN_PASSPHRASE = 12;

    /** Refuses passphrases that are too short. */
    public NewKeys {
        requireLong(passphrase);
    }

    static void requireLong(String passphrase) {
        if (passphrase.codePointCount(0, passphrase.length()) < MIN_PASSPHRASE) {
            throw new IllegalArgumentException("a passphrase has at least " + MIN_PASSPHRASE + " characters");
        }
    }

    @Override
    public String toString() {
        return "NewKeys[secret]";
    }
}
