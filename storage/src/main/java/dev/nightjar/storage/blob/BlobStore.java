package dev.nightjar.storage.blob;

import dev.nightjar.storage.StorageException;
import java.nio.ByteBuffer;
import java.util.stream.Stream;

/**
 * A store of immutable blobs under names ({@link BlobName}). Every implementation is thread-safe and passes one suite of tests.
 *
 * <p>A blob appears whole or not at all, and once an operation that wrote it has returned, it survives a crash. A failure leaves either nothing or an orphan that
 * nothing refers to; it never leaves part of a blob under its name. All methods throw {@link StorageException}.
 */
public interface BlobStore {

    /** Largest length that {@link #read} and {@link #putIfAbsent} take, in bytes; larger blobs go through {@link #create}. */
    int MAX_BUFFER_BYTES = 8 * 1024 * 1024;

    /**
     * Returns a length that {@link #read} and {@link #putIfAbsent} take.
     *
     * @throws IllegalArgumentException if it is negative or too long
     */
    static int requireBuffer(int length) {
        if (length < 0 || length > MAX_BUFFER_BYTES) {
            throw new IllegalArgumentException("length must be 0 to " + MAX_BUFFER_BYTES + " bytes: " + length);
        }
        return length;
    }

    /** Where the store is, for people: a directory's path or a bucket's address. */
    String location();

    /**
     * Stores a small blob unless its name is taken, and returns whether it did. Of several that race for a name, exactly one wins; for the others the winner's
     * blob is durable when they return.
     *
     * @param content the bytes from position to limit, both of which stay as they are
     */
    boolean putIfAbsent(String name, ByteBuffer content);

    /** Begins a blob whose name is known only after its last byte. Nothing is visible before {@link PendingBlob#commit}. */
    PendingBlob create();

    /**
     * Reads exactly {@code length} bytes from {@code offset} into a new buffer, positioned at 0.
     *
     * @throws StorageException BLOB_NOT_FOUND, or DATA_DAMAGED if the blob ends before the range does
     */
    ByteBuffer read(String name, long offset, int length);

    /**
     * The length of a blob in bytes.
     *
     * @throws StorageException BLOB_NOT_FOUND
     */
    long size(String name);

    /**
     * Finds out whether what the store lies on still gives anything: reads the beginning of a blob from there, past what the system has of it in memory, as far as the system lets us.
     *
     * @throws StorageException BLOB_NOT_FOUND, or what is wrong
     */
    default void requireAnswer(String name) {
        read(name, 0, (int) Math.min(MAX_BUFFER_BYTES, size(name)));
    }

    /** Whether there is a blob of this name. */
    boolean exists(String name);

    /**
     * All blobs whose name begins with {@code prefix} (characters, not path segments; empty for all), in no particular order. Those put or deleted meanwhile may
     * or may not appear. Listing is lazy and holds no resource between elements.
     */
    Stream<BlobInfo> list(String prefix);

    /**
     * Removes a blob durably; a name that is not there is no error.
     *
     * @throws StorageException BLOB_RETAINED if the store itself keeps it until a date
     */
    void delete(String name);

    /** What the store itself keeps from being deleted; decorators hand on that of what they decorate. */
    default BlobRetention retention() {
        return BlobRetention.NONE;
    }

    /** Space that is set aside for reclaiming; decorators hand on that of what they decorate. */
    default SpaceReserve reserve() {
        return SpaceReserve.NONE;
    }

    /**
     * Gives a blob another name, durably. At every instant it has one of the two names, or both; it takes no space of its own where it is a file. A crash may leave both, and then the same
     * call again returns false, after which the old name can be deleted.
     *
     * @return false if {@code to} is taken; nothing has changed then
     * @throws StorageException BLOB_NOT_FOUND if there is no blob {@code name}
     */
    boolean move(String name, String to);

    /** Whether so little space is left that what is kept for a while only should go now; false where nobody knows. */
    default boolean isNearlyFull() {
        return false;
    }
}
