package dev.nightjar.storage.offline;

import dev.nightjar.storage.StorageErrorCode;
import dev.nightjar.storage.StorageException;

/**
 * Something in a repository that is not as it was written. Immutable.
 *
 * @param blob its name
 * @param code what kind of error reading it is
 * @param what what is wrong, for people
 */
public record Flaw(String blob, StorageErrorCode code, String what) {

    static Flaw of(String blob, StorageException e) {
        return new Flaw(blob, e.code(), String.valueOf(e.getMessage()));
    }

    /** Whether an error says that something stored is damaged or missing, and not that the store does not answer or that this release is too old. */
    static boolean isDamage(StorageException e) {
        return switch (e.code()) {
            case DATA_DAMAGED, BLOB_NOT_FOUND, CHUNK_NOT_FOUND, CATALOG_NEEDS_REBUILD -> true;
            default -> false;
        };
    }
}
