package dev.nightjar.storage.blob;

import dev.nightjar.storage.StorageException;
import java.time.Instant;
import java.util.Optional;

/**
 * A store's own promise not to delete a blob before a date, whoever asks, and whatever access key he has. Thread-safe.
 *
 * <p>While it keeps one, {@link BlobStore#delete} throws BLOB_RETAINED.
 */
public interface BlobRetention {

    /** That of a store that makes no such promise. */
    BlobRetention NONE = new BlobRetention() {
        @Override
        public boolean isKept() {
            return false;
        }

        @Override
        public void retain(String name, Instant until) {
            throw new UnsupportedOperationException("the store does not keep blobs");
        }

        @Override
        public Optional<Instant> retainedUntil(String name) {
            return Optional.empty();
        }
    };

    /**
     * Whether the store makes such promises at all. Asks it.
     *
     * @throws StorageException what the store throws
     */
    boolean isKept();

    /**
     * Keeps a blob until a date. A later date than before extends it; an earlier one changes nothing.
     *
     * @throws StorageException BLOB_NOT_FOUND, STORE_ACCESS_DENIED, or what the store throws
     */
    void retain(String name, Instant until);

    /**
     * Until when the store keeps a blob; empty if it does not.
     *
     * @throws StorageException what the store throws
     */
    Optional<Instant> retainedUntil(String name);
}
