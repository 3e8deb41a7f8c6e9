package dev.nightjar.storage.blob.s3;

import dev.nightjar.storage.StorageErrorCode;
import dev.nightjar.storage.StorageException;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.core.exception.AbortedException;
import software.amazon.awssdk.core.exception.SdkException;
import software.amazon.awssdk.services.s3.model.S3Exception;

/**
 * Says what an object store's failure means. A time-out, a refused connection or a server's error is never taken for damage, nor for an object that is not there.
 *
 * @param location the store, for people
 */
record S3Failure(String location) {

    private static final int NOT_FOUND = 404;
    private static final int FORBIDDEN = 403;
    private static final int UNAUTHORIZED = 401;
    private static final int CONFLICT = 409;
    private static final int PRECONDITION_FAILED = 412;
    private static final int RANGE_NOT_SATISFIABLE = 416;
    private static final int INSUFFICIENT_STORAGE = 507;
    private static final Set<Integer> UNKNOWN = Set.of(400, FORBIDDEN, NOT_FOUND, 405, 501);
    private static final Set<String> FULL = Set.of("QuotaExceeded", "XMinioStorageFull", "InsufficientStorage");

    static boolean isNotFound(SdkException e) {
        return status(e) == NOT_FOUND && !"NoSuchBucket".equals(code(e));
    }

    /** Whether the store does not know what was asked for, or has none of it, or keeps it from this access key. */
    static boolean isUnknownToStore(SdkException e) {
        return UNKNOWN.contains(status(e)) && !"NoSuchBucket".equals(code(e));
    }

    /** Whether the name was taken. */
    static boolean isTaken(SdkException e) {
        return status(e) == PRECONDITION_FAILED;
    }

    /** Whether another write of the same name was under way. */
    static boolean isConflict(Throwable e) {
        return e instanceof S3Exception s3
                && s3.statusCode() == CONFLICT
                && "ConditionalRequestConflict".equals(code(s3));
    }

    static boolean isForbidden(SdkException e) {
        return status(e) == FORBIDDEN;
    }

    static boolean isBeyondEnd(SdkException e) {
        return status(e) == RANGE_NOT_SATISFIABLE;
    }

    /** The failure in the storage's words. */
    StorageException of(String what, SdkException e) {
        if (e instanceof AbortedException) {
            return failure(StorageErrorCode.INTERRUPTED, what, "it was interrupted", "Start it again.", e);
        }
        if ("NoSuchBucket".equals(code(e))) {
            return failure(
                    StorageErrorCode.REPOSITORY_NOT_FOUND, what, "there is no such bucket", "Create the bucket.", e);
        }
        return switch (status(e)) {
            case FORBIDDEN, UNAUTHORIZED ->
                failure(
                        StorageErrorCode.STORE_ACCESS_DENIED,
                        what,
                        "access denied" + inBrackets(code(e)),
                        "Check the access key, its rights on the bucket (get, put, list, delete), and this host's clock.",
                        e);
            case INSUFFICIENT_STORAGE -> full(what, e);
            default ->
                FULL.contains(code(e))
                        ? full(what, e)
                        : failure(
                                StorageErrorCode.STORE_UNAVAILABLE,
                                what,
                                String.valueOf(e.getMessage()),
                                "Is the store up and reachable from here? What was under way can be tried again.",
                                e);
        };
    }

    /** An answer that is not as long as what was asked for, although the object is. */
    StorageException wrongLength(String what, long bytes, long asked) {
        return failure(
                StorageErrorCode.STORE_UNAVAILABLE,
                what,
                "it sent " + bytes + " bytes for the " + asked + " that it was asked for",
                "Is there a proxy before the store that cuts answers short? What was under way can be tried again.",
                null);
    }

    private StorageException full(String what, SdkException e) {
        return failure(
                StorageErrorCode.REPOSITORY_FULL,
                what,
                "the store is full" + inBrackets(code(e)),
                "Raise the quota, or delete recovery points.",
                e);
    }

    private StorageException failure(
            StorageErrorCode code, String what, String why, String hint, @Nullable SdkException cause) {
        return new StorageException(code, "cannot access " + what + " in " + location + ": " + why, hint, cause);
    }

    private static int status(SdkException e) {
        return e instanceof S3Exception s3 ? s3.statusCode() : 0;
    }

    /** The store's word for it; empty if it has none, as in what it answers to HEAD. */
    private static String code(SdkException e) {
        return e instanceof S3Exception s3
                        && s3.awsErrorDetails() != null
                        && s3.awsErrorDetails().errorCode() != null
                ? s3.awsErrorDetails().errorCode()
                : "";
    }

    private static String inBrackets(String code) {
        return code.isEmpty() ? "" : " (" + code + ")";
    }
}
