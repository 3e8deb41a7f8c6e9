package dev.nightjar.storage.offline;

import dev.nightjar.storage.StorageErrorCode;
import dev.nightjar.storage.StorageException;

/**
 * Something in a repository that is not as it was written, or that cannot be read. Immutable.
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

    /** Whether an error is about one blob, so that the others can be looked at all the same. */
    static boolean isOfOneBlob(StorageException e) {
        return isDamage(e) || isUnreadable(e.code());
    }

    /** Whether the device or the file system did not give the blob's bytes, which says nothing about them. */
    boolean isUnreadable() {
        return isUnreadable(code);
    }

    private static boolean isUnreadable(StorageErrorCode code) {
        return code == StorageErrorCode.REPOSITORY_IO_ERROR || code == StorageErrorCode.REPOSITORY_NOT_READABLE;
    }
}
