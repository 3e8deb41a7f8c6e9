package dev.nightjar.service.repository;

import dev.nightjar.service.config.NightjarProperties;
import dev.nightjar.storage.StorageErrorCode;
import dev.nightjar.storage.StorageException;
import dev.nightjar.storage.blob.BlobStore;
import dev.nightjar.storage.blob.DirectoryBlobStore;
import dev.nightjar.storage.blob.s3.S3BlobStore;
import dev.nightjar.storage.blob.s3.S3Credentials;
import dev.nightjar.storage.blob.s3.S3Location;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Supplier;
import org.springframework.stereotype.Component;
import org.springframework.util.FileSystemUtils;

/** Opens what repositories are kept on. Thread-safe. */
@Component
class Stores {

    private final Path spools;
    private final long reserveBytes;

    Stores(NightjarProperties properties) {
        this.spools = properties.data().resolve("spool");
        this.reserveBytes = properties.reclaim().reserve().toBytes();
        try {
            // The data directory is ours alone: what lies there is of a process that is dead.
            FileSystemUtils.deleteRecursively(spools);
        } catch (IOException e) {
            throw new StorageException(
                    StorageErrorCode.REPOSITORY_NOT_WRITABLE,
                    "what an earlier process spooled in " + spools + " cannot be removed: " + e,
                    "Give the service's user the right to write there.",
                    e);
        }
    }

    /**
     * A store; a directory is made where it is missing. The caller closes it.
     *
     * @throws StorageException what the place says
     */
    OpenStore open(Place place) {
        return open(place, () -> Optional.ofNullable(place.credentials()));
    }

    /**
     * The same with the access key that counts at each time.
     *
     * @param accessKey of a bucket; empty to look where AWS's tools look
     */
    OpenStore open(Place place, Supplier<Optional<S3Credentials>> accessKey) {
        return switch (place.kind()) {
            case DIRECTORY -> new OpenStore(DirectoryBlobStore.create(place.path(), reserveBytes), () -> {});
            case S3 -> bucket(place, accessKey);
        };
    }

    /**
     * The same for a place where a repository has to be; nothing is made.
     *
     * @throws StorageException REPOSITORY_NOT_FOUND, or what the place says
     */
    OpenStore openExisting(Place place) {
        return switch (place.kind()) {
            case DIRECTORY -> new OpenStore(DirectoryBlobStore.open(place.path(), reserveBytes), () -> {});
            case S3 -> bucket(place, () -> Optional.ofNullable(place.credentials()));
        };
    }

    private OpenStore bucket(Place place, Supplier<Optional<S3Credentials>> accessKey) {
        Path spool = spools.resolve(UUID.randomUUID().toString());
        S3BlobStore store = S3BlobStore.open(S3Location.parse(place.address()), accessKey, spool);
        return new OpenStore(store, () -> {
            store.close();
            try {
                FileSystemUtils.deleteRecursively(spool);
            } catch (IOException e) {
                // The next start removes it.
            }
        });
    }

    /**
     * A store and what there is to do when it is no longer needed.
     *
     * @param blobs the store
     * @param end closes connections and removes what is ours
     */
    record OpenStore(BlobStore blobs, Runnable end) implements AutoCloseable {

        /** Whether single objects can be kept from being deleted. */
        boolean locksObjects() {
            return blobs instanceof S3BlobStore bucket && bucket.locksObjects();
        }

        @Override
        public void close() {
            end.run();
        }
    }
}
