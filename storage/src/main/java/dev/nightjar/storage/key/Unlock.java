package dev.nightjar.storage.key;

import org.jspecify.annotations.Nullable;

/** What opens a repository's key file. Never printed. */
public sealed interface Unlock {

    /** Nothing: for repositories that are not encrypted. */
    record Nothing() implements Unlock {}

    /**
     * The passphrase.
     *
     * @param text as it was typed; its Unicode form does not matter
     */
    record Passphrase(String text) implements Unlock {
        @Override
        public String toString() {
            return "Passphrase[secret]";
        }
    }

    /**
     * The recovery key.
     *
     * @param key as it was shown once
     */
    record Recovery(RecoveryKey key) implements Unlock {}

    /**
     * The secrets themselves.
     *
     * @param key as it was kept
     */
    record Kept(KeptKey key) implements Unlock {}

    /** A passphrase, or nothing. */
    static Unlock ofPassphrase(@Nullable String passphrase) {
        return passphrase == null || passphrase.isEmpty() ? new Nothing() : new Passphrase(passphrase);
    }
}
