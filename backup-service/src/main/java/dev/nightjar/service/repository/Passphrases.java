package dev.nightjar.service.repository;

import dev.nightjar.service.error.NightjarException;
import dev.nightjar.storage.key.NewKeys;
import dev.nightjar.storage.key.RecoveryKey;
import dev.nightjar.storage.key.Unlock;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpStatus;

/** Reads what people type to unlock. */
final class Passphrases {

    private Passphrases() {}

    /**
     * A new passphrase that is long enough.
     *
     * @throws NightjarException PASSPHRASE_TOO_SHORT, of that field
     */
    static String require(String passphrase, String field) {
        if (passphrase.codePointCount(0, passphrase.length()) < NewKeys.MIN_PASSPHRASE) {
            throw new NightjarException(
                            HttpStatus.BAD_REQUEST,
                            "PASSPHRASE_TOO_SHORT",
                            "a passphrase has at least " + NewKeys.MIN_PASSPHRASE + " characters",
                            "Take a few words that nobody else would put together.")
                    .at(field);
        }
        return passphrase;
    }

    /**
     * Either of the two.
     *
     * @throws NightjarException INVALID_REQUEST if it is none or both
     * @throws dev.nightjar.storage.StorageException PASSPHRASE_WRONG for what is no recovery key
     */
    static Unlock unlock(@Nullable String passphrase, @Nullable String recoveryKey) {
        String typed = passphrase == null ? "" : passphrase;
        String kept = recoveryKey == null ? "" : recoveryKey.strip();
        if (typed.isEmpty() == kept.isEmpty()) {
            throw new NightjarException(
                    HttpStatus.BAD_REQUEST,
                    "INVALID_REQUEST",
                    "either the passphrase or the recovery key is needed",
                    "Give one of the two.");
        }
        return kept.isEmpty() ? new Unlock.Passphrase(typed) : new Unlock.Recovery(RecoveryKey.parse(kept));
    }
}
