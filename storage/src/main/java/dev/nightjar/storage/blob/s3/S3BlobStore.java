package dev.nightjar.storage.blob.s3;

import dev.nightjar.storage.StorageErrorCode;
import dev.nightjar.storage.StorageException;
import dev.nightjar.storage.blob.BlobInfo;
import dev.nightjar.storage.blob.BlobName;
import dev.nightjar.storage.blob.BlobRetention;
import dev.nightjar.storage.blob.BlobStore;
import dev.nightjar.storage.blob.PendingBlob;
import dev.nightjar.storage.blob.s3.S3Clients.S3Timeouts;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Iterator;
import java.util.Optional;
import java.util.function.Supplier;
import java.util.stream.Stream;
import software.amazon.awssdk.core.ResponseBytes;
import software.amazon.awssdk.core.exception.SdkException;
import software.amazon.awssdk.core.sync.RequestBody;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.s3.model.GetObjectResponse;
import software.amazon.awssdk.services.s3.model.ObjectLockEnabled;
import software.amazon.awssdk.services.s3.model.S3Object;

/**
 * Blobs as objects of a bucket. One put-if-absent ({@code If-None-Match: *}) makes a blob: the store acknowledges it when it is durable. Thread-safe.
 *
 * <p>What is being written is gathered in a file of the spool directory first, because a pack's name is known only after its last byte; it is uploaded when it is
 * committed. A process that dies leaves nothing in the bucket but, perhaps, parts of an upload that was never completed, which stores expire.
 */
public final class S3BlobStore implements BlobStore, AutoCloseable {

    private final S3Location location;
    private final S3Clients clients;
    private final S3Failure failure;
    private final Path spool;
    private final UntilYes locks;
    private final BlobRetention retention;

    S3BlobStore(S3Location location, S3Clients clients, Path spool) {
        this.location = location;
        this.clients = clients;
        this.failure = new S3Failure(location.toString());
        this.spool = spool;
        this.locks = new UntilYes(this::locksObjects, System::nanoTime);
        UntilYes keeps = new UntilYes(() -> StoreProbe.keepsWhatItRetains(this), System::nanoTime);
        this.retention =
                new S3Retention(clients, location, failure, () -> locks.getAsBoolean() && keeps.getAsBoolean());
    }

    /**
     * Opens a bucket, which must exist; nothing is asked of the store yet.
     *
     * @param credentials the access key, asked for at each request, by any thread; empty to look where AWS's tools look
     * @param spool a directory for what is being written; created if it is missing, and used by this process only
     */
    public static S3BlobStore open(S3Location location, Supplier<Optional<S3Credentials>> credentials, Path spool) {
        return open(location, credentials, spool, S3Timeouts.DEFAULT);
    }

    static S3BlobStore open(
            S3Location location, Supplier<Optional<S3Credentials>> credentials, Path spool, S3Timeouts timeouts) {
        try {
            Files.createDirectories(spool);
            try (DirectoryStream<Path> left = Files.newDirectoryStream(spool, "upload-*.part")) {
                for (Path file : left) {
                    Files.delete(file);
                }
            }
        } catch (IOException e) {
            throw new StorageException(
                    StorageErrorCode.REPOSITORY_NOT_WRITABLE,
                    "cannot use the spool directory " + spool + ": " + e,
                    "Give the user that runs Nightjar write access there.",
                    e);
        }
        return new S3BlobStore(location, S3Clients.open(location, credentials, timeouts), spool);
    }

    @Override
    public String location() {
        return location.toString();
    }

    @Override
    public boolean putIfAbsent(String name, ByteBuffer content) {
        BlobName.requireValid(name);
        BlobStore.requireBuffer(content.remaining());
        try {
            client().putObject(
                            request -> request.bucket(location.bucket())
                                    .key(key(name))
                                    .ifNoneMatch("*"),
                            RequestBody.fromRemainingByteBuffer(content.duplicate()));
            return true;
        } catch (SdkException e) {
            if (S3Failure.isTaken(e)) {
                return e.numAttempts() > 1 && isMine(name, content);
            }
            throw failure.of(name, e);
        }
    }

    // An attempt whose answer was lost may have been the one that put it.
    private boolean isMine(String name, ByteBuffer content) {
        return size(name) == content.remaining()
                && read(name, 0, content.remaining()).equals(content);
    }

    @Override
    public PendingBlob create() {
        return S3PendingBlob.begin(this, spool);
    }

    @Override
    public ByteBuffer read(String name, long offset, int length) {
        BlobName.requireValid(name);
        BlobStore.requireBuffer(length);
        if (length == 0) {
            if (offset > size(name)) {
                throw beyondEnd(name, offset, length);
            }
            return ByteBuffer.allocate(0);
        }
        if (offset > Long.MAX_VALUE - length) {
            throw beyondEnd(name, offset, length);
        }
        try {
            ResponseBytes<GetObjectResponse> object = client().getObjectAsBytes(
                            request -> request.bucket(location.bucket())
                                    .key(key(name))
                                    .range("bytes=" + offset + "-" + (offset + length - 1)));
            ByteBuffer bytes = ByteBuffer.wrap(object.asByteArrayUnsafe());
            if (bytes.remaining() != length) {
                throw size(name) - length < offset
                        ? beyondEnd(name, offset, length)
                        : failure.wrongLength(name, bytes.remaining(), length);
            }
            return bytes;
        } catch (SdkException e) {
            if (S3Failure.isBeyondEnd(e)) {
                throw beyondEnd(name, offset, length);
            }
            throw S3Failure.isNotFound(e) ? notFound(name) : failure.of(name, e);
        }
    }

    @Override
    public long size(String name) {
        BlobName.requireValid(name);
        try {
            return client().headObject(
                            request -> request.bucket(location.bucket()).key(key(name)))
                    .contentLength();
        } catch (SdkException e) {
            throw S3Failure.isNotFound(e) ? notFound(name) : failure.of(name, e);
        }
    }

    @Override
    public boolean exists(String name) {
        BlobName.requireValid(name);
        try {
            client().headObject(request -> request.bucket(location.bucket()).key(key(name)));
            return true;
        } catch (SdkException e) {
            if (S3Failure.isNotFound(e)) {
                return false;
            }
            throw failure.of(name, e);
        }
    }

    @Override
    public Stream<BlobInfo> list(String prefix) {
        BlobName.requireValidPrefix(prefix);
        try {
            Iterator<S3Object> objects = client().listObjectsV2Paginator(
                            request -> request.bucket(location.bucket()).prefix(key(prefix)))
                    .contents()
                    .iterator();
            return Stream.iterate(next(objects, prefix), Optional::isPresent, _ -> next(objects, prefix))
                    .flatMap(Optional::stream)
                    .map(object -> new BlobInfo(
                            object.key().substring(location.prefix().length()), object.size()))
                    .filter(blob -> BlobName.isValid(blob.name()));
        } catch (SdkException e) {
            throw failure.of("the list of " + prefix, e);
        }
    }

    // Every page is a request of its own, which can fail.
    private Optional<S3Object> next(Iterator<S3Object> objects, String prefix) {
        try {
            return objects.hasNext() ? Optional.of(objects.next()) : Optional.empty();
        } catch (SdkException e) {
            throw failure.of("the list of " + prefix, e);
        }
    }

    @Override
    public void delete(String name) {
        BlobName.requireValid(name);
        try {
            if (locks.getAsBoolean()) {
                new S3Versions(client(), location.bucket()).delete(key(name));
            } else {
                client().deleteObject(
                                request -> request.bucket(location.bucket()).key(key(name)));
            }
        } catch (SdkException e) {
            if (!S3Failure.isNotFound(e)) {
                throw failure.of(name, e);
            }
        }
    }

    @Override
    public BlobRetention retention() {
        return retention;
    }

    /**
     * Whether objects of the bucket can be kept from being deleted until a date.
     *
     * @throws StorageException what the store says, unless it is that it knows no such thing
     */
    public boolean locksObjects() {
        try {
            return client().getObjectLockConfiguration(request -> request.bucket(location.bucket()))
                            .objectLockConfiguration()
                            .objectLockEnabled()
                    == ObjectLockEnabled.ENABLED;
        } catch (SdkException e) {
            if (S3Failure.isUnknownToStore(e)) {
                return false;
            }
            throw failure.of("the bucket's settings", e);
        }
    }

    /** Copies within the store, then deletes. Of two that move to one name at the same time both may be told that they did. */
    @Override
    public boolean move(String name, String to) {
        BlobName.requireValid(name);
        if (exists(to)) {
            size(name);
            return false;
        }
        try {
            client().copyObject(request -> request.sourceBucket(location.bucket())
                    .sourceKey(key(name))
                    .destinationBucket(location.bucket())
                    .destinationKey(key(to)));
        } catch (SdkException e) {
            throw S3Failure.isNotFound(e) ? notFound(name) : failure.of(name, e);
        }
        delete(name);
        return true;
    }

    /** Closes the connections. */
    @Override
    public void close() {
        clients.close();
    }

    /** Uploads a file unless the name is taken, and returns whether it did. */
    boolean upload(String name, Path file) {
        try {
            return new S3Upload(client(), location.bucket(), key(name)).put(file);
        } catch (SdkException e) {
            throw failure.of(name, e);
        } catch (IOException e) {
            throw S3PendingBlob.spoolFailed(file, e);
        }
    }

    private S3Client client() {
        return clients.current();
    }

    private String key(String name) {
        return location.prefix() + name;
    }

    private StorageException notFound(String name) {
        return new StorageException(
                StorageErrorCode.BLOB_NOT_FOUND,
                "there is no " + name + " in " + location,
                "Bring the object back from a copy of the repository.");
    }

    private StorageException beyondEnd(String name, long offset, int length) {
        return new StorageException(
                StorageErrorCode.DATA_DAMAGED,
                name + " in " + location + " ends before " + length + " bytes at " + offset,
                "Bring the object back from a copy of the repository.");
    }
}
