package dev.nightjar.storage.lock;

import dev.nightjar.storage.StorageErrorCode;
import dev.nightjar.storage.StorageException;
import org.jspecify.annotations.Nullable;

/** What is lost or damaged of several things that are all seen to, whatever is wrong with one of them. Used by one thread. */
final class Failures {

    private @Nullable StorageException first;

    /**
     * Does something. That what it needs is lost or damaged is thrown by {@link #throwFirst} only.
     *
     * @throws StorageException what is wrong with the store or the catalog
     */
    void collect(Runnable what) {
        try {
            what.run();
        } catch (StorageException e) {
            if (!e.code().isOfOneBlob() && e.code() != StorageErrorCode.CHUNK_NOT_FOUND) {
                throw e;
            }
            if (first == null) {
                first = e;
            } else {
                first.addSuppressed(e);
            }
        }
    }

    /** Throws the first of what was collected, if there is any. */
    void throwFirst() {
        if (first != null) {
            throw first;
        }
    }
}
