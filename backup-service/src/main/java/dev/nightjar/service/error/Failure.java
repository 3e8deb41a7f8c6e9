package dev.nightjar.service.error;

import dev.nightjar.nbd.client.NbdErrorCode;
import dev.nightjar.nbd.client.NbdException;
import dev.nightjar.storage.StorageErrorCode;
import dev.nightjar.storage.StorageException;
import org.springframework.http.HttpStatus;

/**
 * Any exception, as people are told of it. Immutable.
 *
 * @param status what HTTP says
 * @param code the stable name
 * @param message what happened, and where
 * @param hint what a person can do
 */
public record Failure(HttpStatus status, String code, String message, String hint) {

    /** Describes an exception; one that nobody expected becomes INTERNAL_ERROR, whose cause is in the log only. */
    public static Failure of(Throwable thrown) {
        return switch (thrown) {
            case NightjarException e -> new Failure(e.status(), e.code(), message(e), e.hint());
            case NbdException e ->
                new Failure(status(e.code()), "NBD_" + e.code().name(), message(e), e.hint());
            case StorageException e -> new Failure(status(e.code()), e.code().name(), message(e), e.hint());
            default ->
                new Failure(
                        HttpStatus.INTERNAL_SERVER_ERROR,
                        "INTERNAL_ERROR",
                        "something that should not happen did: "
                                + thrown.getClass().getSimpleName(),
                        "The service's log has the details. Please report it.");
        };
    }

    /** Whether the exception is one that nobody expected, and belongs into the log in full. */
    public boolean unexpected() {
        return code.equals("INTERNAL_ERROR");
    }

    private static String message(Throwable thrown) {
        String message = thrown.getMessage();
        return message == null ? thrown.getClass().getSimpleName() : message;
    }

    private static HttpStatus status(NbdErrorCode code) {
        return switch (code) {
            case INVALID_URI -> HttpStatus.BAD_REQUEST;
            case TIMED_OUT -> HttpStatus.GATEWAY_TIMEOUT;
            case NO_SPACE -> HttpStatus.INSUFFICIENT_STORAGE;
            case UNREACHABLE,
                    REFUSED_BY_POLICY,
                    TLS_FAILED,
                    EXPORT_CHANGED,
                    EXPORT_UNKNOWN,
                    CONTEXT_MISSING,
                    PROTOCOL_VIOLATION,
                    IO_ERROR,
                    UNSUPPORTED,
                    CLOSED -> HttpStatus.BAD_GATEWAY;
        };
    }

    private static HttpStatus status(StorageErrorCode code) {
        return switch (code) {
            case REPOSITORY_FULL, OVERLAY_FULL -> HttpStatus.INSUFFICIENT_STORAGE;
            case BLOB_NOT_FOUND, POINT_NOT_FOUND -> HttpStatus.NOT_FOUND;
            case BLOB_NAME_INVALID, INVALID_ARGUMENT -> HttpStatus.BAD_REQUEST;
            case CATALOG_UNAVAILABLE, INTERRUPTED, INGEST_ABORTED -> HttpStatus.SERVICE_UNAVAILABLE;
            case REPOSITORY_LOCKED -> HttpStatus.LOCKED;
            case STORE_UNAVAILABLE -> HttpStatus.SERVICE_UNAVAILABLE;
            case STORE_ACCESS_DENIED, STORE_UNSUITABLE -> HttpStatus.CONFLICT;
            case POINT_LOCKED -> HttpStatus.LOCKED;
            case BLOB_RETAINED -> HttpStatus.CONFLICT;
            case PASSPHRASE_WRONG -> HttpStatus.FORBIDDEN;
            case REPOSITORY_NOT_CONFIGURED,
                    REPOSITORY_EXISTS,
                    KEY_CHANGED,
                    PACK_NOT_LIVE,
                    LEASE_LOST,
                    CATALOG_NEEDS_REBUILD,
                    POINTS_LEFT_OUT,
                    OVERLAY_IN_USE -> HttpStatus.CONFLICT;
            case REPOSITORY_NOT_FOUND,
                    REPOSITORY_NOT_WRITABLE,
                    REPOSITORY_NOT_READABLE,
                    REPOSITORY_IO_ERROR,
                    REPOSITORY_CONFIG_INVALID,
                    FORMAT_UNSUPPORTED,
                    KEY_NOT_FOUND,
                    KEY_INVALID,
                    DATA_DAMAGED,
                    DAMAGE_TOO_SCATTERED,
                    INGEST_FAILED,
                    CHUNK_NOT_FOUND,
                    COPY_NOT_IDENTICAL,
                    OVERLAY_NOT_FOUND,
                    OVERLAY_NOT_WRITABLE,
                    OVERLAY_FAILED,
                    OVERLAY_DAMAGED -> HttpStatus.INTERNAL_SERVER_ERROR;
        };
    }
}
