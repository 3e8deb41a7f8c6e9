package dev.nightjar.storage.blob.s3;

import dev.nightjar.storage.StorageErrorCode;
import dev.nightjar.storage.StorageException;
import dev.nightjar.storage.blob.BlobRetention;
import java.time.Instant;
import java.util.Optional;
import java.util.function.BooleanSupplier;
import software.amazon.awssdk.core.exception.SdkException;
import software.amazon.awssdk.services.s3.model.ObjectLockRetention;
import software.amazon.awssdk.services.s3.model.ObjectLockRetentionMode;

/**
 * Object lock in mode COMPLIANCE, which nobody can take back, not even the account's owner. Thread-safe.
 *
 * @param location the bucket and the names in it
 * @param enabled whether the bucket has object lock
 */
record S3Retention(S3Clients clients, S3Location location, S3Failure failure, BooleanSupplier enabled)
        implements BlobRetention {

    @Override
    public boolean isKept() {
        return enabled.getAsBoolean();
    }

    @Override
    public void retain(String name, Instant until) {
        try {
            Optional<Instant> now = retainedUntil(name);
            if (now.isPresent() && !now.get().isBefore(until)) {
                return;
            }
            clients.current()
                    .putObjectRetention(request -> request.bucket(location.bucket())
                            .key(location.prefix() + name)
                            .retention(ObjectLockRetention.builder()
                                    .mode(ObjectLockRetentionMode.COMPLIANCE)
                                    .retainUntilDate(until)
                                    .build()));
        } catch (SdkException e) {
            throw S3Failure.isNotFound(e) ? notFound(name, e) : failure.of(name, e);
        }
    }

    // Stores disagree in how they say that an object has no retention; all of them tell one that has.
    @Override
    public Optional<Instant> retainedUntil(String name) {
        try {
            return Optional.ofNullable(clients.current()
                    .headObject(request -> request.bucket(location.bucket()).key(location.prefix() + name))
                    .objectLockRetainUntilDate());
        } catch (SdkException e) {
            throw S3Failure.isNotFound(e) ? notFound(name, e) : failure.of(name, e);
        }
    }

    private StorageException notFound(String name, SdkException e) {
        return new StorageException(
                StorageErrorCode.BLOB_NOT_FOUND,
                "there is no " + name + " in " + location,
                "Bring the object back from a copy of the repository.",
                e);
    }
}
