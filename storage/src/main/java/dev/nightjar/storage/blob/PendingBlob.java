package dev.nightjar.storage.blob;

import java.nio.ByteBuffer;

/**
 * A blob being written, invisible until committed. Used by one thread at a time; after {@link #commit}, {@link #abort} or any exception it is finished, and only
 * {@link #abort} and {@link #close} may still be called. A write or fsync that failed is never repeated: begin another blob.
 */
public interface PendingBlob extends AutoCloseable {

    /** Appends the bytes from position to limit and moves the position to the limit. */
    void write(ByteBuffer content);

    /** Bytes written so far. */
    long bytes();

    /** Makes the blob durable and visible under {@code name}, unless the name is taken. */
    StoredBlob commit(String name);

    /** Drops what was written, as far as that is possible; does nothing after {@link #commit}. Never throws. */
    void abort();

    /** The same as {@link #abort}. */
    @Override
    default void close() {
        abort();
    }
}
