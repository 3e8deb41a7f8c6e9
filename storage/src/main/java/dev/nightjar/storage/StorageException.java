package dev.nightjar.storage;

import org.jspecify.annotations.Nullable;

/**
 * Something that the storage could not do: what and where in the message, a stable code, and what to do about it. Immutable.
 */
public final class StorageException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    private final StorageErrorCode code;
    private final String hint;

    /**
     * An error that the storage found itself.
     *
     * @param code its stable name
     * @param message what happened, and where: blob, offset, pack, point
     * @param hint what a person can do about it, one sentence
     */
    public StorageException(StorageErrorCode code, String message, String hint) {
        this(code, message, hint, null);
    }

    /**
     * An error that something below the storage reported.
     *
     * @param code its stable name
     * @param message what happened, and where: blob, offset, pack, point
     * @param hint what a person can do about it, one sentence
     * @param cause what the layer below said
     */
    public StorageException(StorageErrorCode code, String message, String hint, @Nullable Throwable cause) {
        super(message, cause);
        this.code = code;
        this.hint = hint;
    }

    /** The stable name of the error. */
    public StorageErrorCode code() {
        return code;
    }

    /** What a person can do about it. */
    public String hint() {
        return hint;
    }

    /** Whether trying the same again later can help. */
    public boolean retryable() {
        return code.retryable();
    }
}
