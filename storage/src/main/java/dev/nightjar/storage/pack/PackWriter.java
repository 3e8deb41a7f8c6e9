package dev.nightjar.storage.pack;

import dev.nightjar.storage.blob.BlobStore;
import dev.nightjar.storage.blob.PendingBlob;
import dev.nightjar.storage.blob.StoredBlob;
import dev.nightjar.storage.chunk.ChunkKind;
import dev.nightjar.storage.seal.SealedFrame;
import java.nio.ByteBuffer;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;

/**
 * Writes one pack, hashing it on the way. Used by one thread at a time.
 *
 * <p>Nothing is in the repository before {@link #finish} returns; after any exception the pack is given up, and its frames go into a new one. Memory: the
 * directory, at most 4 MiB encoded.
 */
public final class PackWriter implements AutoCloseable {

    private final ChunkKind kind;
    private final long targetBytes;
    private final PendingBlob blob;
    private final MessageDigest sha256 = sha256();
    private final List<PackEntry> entries = new ArrayList<>();
    private int directoryBytes;

    /**
     * Begins a pack.
     *
     * @param kind what its chunks are
     * @param targetBytes length from which on {@link #hasRoom} says no
     */
    public PackWriter(BlobStore store, ChunkKind kind, UUID repositoryId, long targetBytes) {
        this.kind = kind;
        this.targetBytes = targetBytes;
        this.blob = store.create();
        write(new PackHeader(kind, repositoryId).encode());
    }

    /** Whether {@code frame} still fits. The first frame always does. */
    public boolean hasRoom(SealedFrame frame) {
        return entries.isEmpty() || (hasSpace(frame) && hasPlace(frame));
    }

    /** Appends a frame and returns its place. */
    public PackEntry append(SealedFrame frame) {
        if (!hasPlace(frame)) {
            throw new IllegalStateException("the pack's directory is full");
        }
        ByteBuffer stored = frame.stored();
        PackEntry entry = new PackEntry(
                entries.size(),
                blob.bytes(),
                stored.remaining(),
                frame.plainLength(),
                frame.codec(),
                frame.crc32c(),
                frame.chunks());
        write(stored);
        entries.add(entry);
        directoryBytes += PackDirectory.encodedBytes(frame.chunks().size());
        return entry;
    }

    /** Bytes written so far, without directory and trailer. */
    public long bytes() {
        return blob.bytes();
    }

    /** Whether no frame was appended yet. */
    public boolean isEmpty() {
        return entries.isEmpty();
    }

    /** Appends directory and trailer and makes the pack durable under its name. If the repository has that very pack already, that one counts. */
    public StoredPack finish() {
        if (entries.isEmpty()) {
            throw new IllegalStateException("a pack without frames is never stored");
        }
        long directoryOffset = blob.bytes();
        ByteBuffer directory = PackDirectory.encode(entries);
        PackTrailer trailer = PackTrailer.of(directoryOffset, directory);
        write(directory);
        write(trailer.encode());
        PackId id = PackId.of(sha256.digest());
        StoredBlob stored = blob.commit(id.blobName());
        return new StoredPack(id, kind, stored.bytes(), entries);
    }

    /** Gives the pack up unless it is finished. Never throws. */
    @Override
    public void close() {
        blob.abort();
    }

    private boolean hasSpace(SealedFrame frame) {
        return blob.bytes() + frame.stored().remaining() <= targetBytes;
    }

    private boolean hasPlace(SealedFrame frame) {
        return entries.size() < PackDirectory.MAX_FRAMES
                && directoryBytes + PackDirectory.encodedBytes(frame.chunks().size())
                        <= PackTrailer.MAX_DIRECTORY_BYTES;
    }

    private void write(ByteBuffer content) {
        sha256.update(content.duplicate());
        blob.write(content);
    }

    static MessageDigest sha256() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform has SHA-256", e);
        }
    }
}
