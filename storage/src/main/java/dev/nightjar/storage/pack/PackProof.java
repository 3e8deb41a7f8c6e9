package dev.nightjar.storage.pack;

import dev.nightjar.storage.StorageException;
import dev.nightjar.storage.blob.BlobStore;
import java.nio.ByteBuffer;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;

/**
 * Reads blobs from their first byte to their last, a MiB at a time, and tells which pack they are: a pack's name is the hash of its bytes, so this takes no key. Thread-safe as far
 * as the pace is.
 */
public final class PackProof {

    private static final int PIECE_BYTES = 1 << 20;

    private final BlobStore store;
    private final Pace pace;

    /** Proves blobs of this store, at this pace. */
    public PackProof(BlobStore store, Pace pace) {
        this.store = store;
        this.pace = pace;
    }

    /**
     * Whether the pack is what its name says.
     *
     * @throws StorageException BLOB_NOT_FOUND, or what the store says; DATA_DAMAGED if the blob was cut off while it was read
     */
    public boolean holds(PackId pack) {
        return of(pack.blobName()).equals(pack);
    }

    /**
     * The name that a blob's bytes would have as a pack, whether they are one or not.
     *
     * @throws StorageException as {@link #holds}
     */
    public PackId of(String blob) {
        MessageDigest sha256 = sha256();
        long bytes = store.size(blob);
        for (long at = 0; at < bytes; at += PIECE_BYTES) {
            int length = (int) Math.min(PIECE_BYTES, bytes - at);
            pace.beforeReading(length);
            ByteBuffer piece = store.read(blob, at, length);
            sha256.update(piece);
        }
        return PackId.of(sha256.digest());
    }

    /** A hash that goes on from where another one is. */
    static MessageDigest copy(MessageDigest sha256) {
        try {
            return (MessageDigest) sha256.clone();
        } catch (CloneNotSupportedException e) {
            throw new IllegalStateException("Java's own SHA-256 can be copied", e);
        }
    }

    static MessageDigest sha256() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform has SHA-256", e);
        }
    }
}
