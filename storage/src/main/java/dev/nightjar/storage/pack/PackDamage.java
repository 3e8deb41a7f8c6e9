package dev.nightjar.storage.pack;

import dev.nightjar.storage.StorageErrorCode;
import dev.nightjar.storage.StorageException;

/** What is wrong with the bytes of a pack; {@link PackReader} adds which pack it is. */
final class PackDamage extends Exception {

    private static final long serialVersionUID = 1L;

    private final boolean newer;

    private PackDamage(String why, boolean newer) {
        super(why);
        this.newer = newer;
    }

    /** The bytes are not what was written. */
    static PackDamage damaged(String why) {
        return new PackDamage(why, false);
    }

    /** The bytes are whole, but this release does not know their meaning. */
    static PackDamage newer(String what) {
        return new PackDamage(what, true);
    }

    StorageException in(PackId pack) {
        if (newer) {
            return new StorageException(
                    StorageErrorCode.FORMAT_UNSUPPORTED,
                    "pack " + pack + " uses " + getMessage(),
                    "It was written by a newer release; use that release or a later one.",
                    this);
        }
        return new StorageException(
                StorageErrorCode.DATA_DAMAGED,
                "pack " + pack + " is damaged: " + getMessage(),
                "Bring the pack back from a copy of the repository; points that do not use it are not affected.",
                this);
    }
}
