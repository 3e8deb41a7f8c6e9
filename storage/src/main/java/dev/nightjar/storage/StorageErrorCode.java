package dev.nightjar.storage;

/**
 * The stable name of what went wrong in the storage. The names are part of the API: they are never renamed or reused.
 */
public enum StorageErrorCode {
    /** There is no repository where one was looked for. */
    REPOSITORY_NOT_FOUND(false),
    /** Nobody has said yet which repository to use. */
    REPOSITORY_NOT_CONFIGURED(false),
    /** A repository was to be created where one is already. */
    REPOSITORY_EXISTS(false),
    /** The repository's directory may not be written: permission, read-only file system, or not a directory. */
    REPOSITORY_NOT_WRITABLE(false),
    /** The repository's directory may not be read. */
    REPOSITORY_NOT_READABLE(false),
    /** No space, no inodes or no quota are left for the repository. */
    REPOSITORY_FULL(true),
    /** The device or file system below the repository failed; what was being written is abandoned. */
    REPOSITORY_IO_ERROR(true),
    /** The repository's configuration cannot be understood. */
    REPOSITORY_CONFIG_INVALID(false),
    /** The repository was written by a newer format than this release reads. */
    FORMAT_UNSUPPORTED(false),
    /** The repository's key file is missing. */
    KEY_NOT_FOUND(false),
    /** The repository's key file is damaged or belongs to another repository. */
    KEY_INVALID(false),
    /** The repository is encrypted, and nobody has given its passphrase or its recovery key. */
    REPOSITORY_LOCKED(false),
    /** Somebody else changed the key file at the same time. */
    KEY_CHANGED(true),
    /** The passphrase or the recovery key is not this repository's. */
    PASSPHRASE_WRONG(false),
    /** The object store does not answer, or answers with an error of its own. */
    STORE_UNAVAILABLE(true),
    /** The object store refuses the access key. */
    STORE_ACCESS_DENIED(false),
    /** The object store does not do what a repository relies on. */
    STORE_UNSUITABLE(false),
    /** A blob that should be there is not. */
    BLOB_NOT_FOUND(false),
    /** A blob's name breaks the rules for names. */
    BLOB_NAME_INVALID(false),
    /** Stored bytes are not what was written. */
    DATA_DAMAGED(false),
    /** The thread was interrupted in the middle of an operation, which left nothing behind. */
    INTERRUPTED(true),
    /** The catalog's database does not answer. */
    CATALOG_UNAVAILABLE(true),
    /** A pack whose chunks were to be reused is on its way out. */
    PACK_NOT_LIVE(true),
    /** The catalog does not match the repository, so that nothing may be written before it is rebuilt. */
    CATALOG_NEEDS_REBUILD(false),
    /** The run was taken over, ended or cancelled, and may write nothing more. */
    LEASE_LOST(false),
    /** The run was aborted. */
    INGEST_ABORTED(false),
    /** The ingest broke off by a fault of the program. */
    INGEST_FAILED(true),
    /** There is no complete point of that id. */
    POINT_NOT_FOUND(false),
    /** The point is locked until a date, and nobody can delete it before. */
    POINT_LOCKED(false),
    /** The last rebuild of the catalog could not take some points, and what they need must not be touched. */
    POINTS_LEFT_OUT(false),
    /** The store itself keeps a blob until a date, and refuses to delete it. */
    BLOB_RETAINED(true),
    /** A chunk that a map refers to lies in no known pack. */
    CHUNK_NOT_FOUND(false),
    /** More of a disk cannot be read than a point records. */
    DAMAGE_TOO_SCATTERED(false),
    /** What was read back of a copy is not what the original has; the copy was given up. */
    COPY_NOT_IDENTICAL(true),
    /** There is no overlay where one was looked for. */
    OVERLAY_NOT_FOUND(false),
    /** The overlay's directory may not be written, or there is no space to open it. */
    OVERLAY_NOT_WRITABLE(false),
    /** The overlay is open already, here or in another process. */
    OVERLAY_IN_USE(false),
    /** The overlay holds as much as it may, or its file system does; nothing is lost. */
    OVERLAY_FULL(true),
    /** The device or file system below the overlay failed. */
    OVERLAY_FAILED(false),
    /** The overlay's files are not what was written. */
    OVERLAY_DAMAGED(false),
    /** The caller broke a rule of the storage's interface. */
    INVALID_ARGUMENT(false);

    private final boolean retryable;

    StorageErrorCode(boolean retryable) {
        this.retryable = retryable;
    }

    /** Whether the same operation can succeed later without anybody changing the request or the configuration. */
    public boolean retryable() {
        return retryable;
    }

    /**
     * Whether this may be all that is wrong when a blob is read: it is damaged or gone, or the device fails where it lies. Then the other blobs are read all the same. A device that is gone says
     * the same of every blob, so whoever would lose something by taking that for damage makes sure first that the repository is there.
     */
    public boolean isOfOneBlob() {
        return this == DATA_DAMAGED || this == BLOB_NOT_FOUND || this == REPOSITORY_IO_ERROR;
    }
}
