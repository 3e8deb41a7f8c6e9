package dev.nightjar.storage.pack;

import dev.nightjar.storage.StorageErrorCode;
import dev.nightjar.storage.StorageException;
import dev.nightjar.storage.blob.BlobStore;
import dev.nightjar.storage.blob.PendingBlob;
import dev.nightjar.storage.blob.StoredBlob;
import dev.nightjar.storage.chunk.ChunkKind;
import dev.nightjar.storage.seal.SealedFrame;
import java.nio.ByteBuffer;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * Writes one pack, hashing it on the way. Used by one thread at a time.
 *
 * <p>Nothing is in the repository before {@link #finish} returns; after any exception the pack is given up, and its frames go into a new one. Memory: the
 * directory, at most 4 MiB encoded, and a frame.
 */
public final class PackWriter implements AutoCloseable {

    /** More names than one are taken by damaged packs only where it is not the packs that are damaged. */
    private static final int MOST_NAMES = 3;

    private final BlobStore store;
    private final ChunkKind kind;
    private final long targetBytes;
    private final PendingBlob blob;
    private final MessageDigest sha256 = PackProof.sha256();
    private final List<PackEntry> entries = new ArrayList<>();
    private int directoryBytes;
    /** A copy of the first frame. */
    private @Nullable SealedFrame first;

    /** What comes behind the frames, and the name that the pack has with it. */
    private record Ending(ByteBuffer directory, ByteBuffer trailer, PackId pack) {}

    /**
     * Begins a pack.
     *
     * @param kind what its chunks are
     * @param targetBytes length from which on {@link #hasRoom} says no
     */
    public PackWriter(BlobStore store, ChunkKind kind, UUID repositoryId, long targetBytes) {
        this.store = store;
        this.kind = kind;
        this.targetBytes = targetBytes;
        this.blob = store.create();
        write(new PackHeader(kind, repositoryId).encode());
    }

    /** Whether {@code frame} still fits. The first frame always does. The directory keeps a place in which that can stand once more. */
    public boolean hasRoom(SealedFrame frame) {
        SealedFrame again = first;
        return again == null || (hasSpace(frame) && hasPlace(List.of(frame, again)));
    }

    /** Appends a frame, whose bytes are not needed any more when this returns with its place. */
    public PackEntry append(SealedFrame frame) {
        if (!hasPlace(List.of(frame))) {
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
        if (first == null) {
            first = frame.copy();
        }
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

    /**
     * Appends directory and trailer and makes the pack durable under its name. If the repository has that very pack already, that one counts, provided that it is as it was written. A damaged
     * one stays where it is, for what is sound in it may be all there is until this one is stored: this becomes another pack then, by having its first frame twice.
     */
    public StoredPack finish() {
        SealedFrame again = first;
        if (again == null) {
            throw new IllegalStateException("a pack without frames is never stored");
        }
        Ending ending = ending();
        for (int names = 1; !isFree(ending.pack); names++) {
            if (names == MOST_NAMES) {
                throw new StorageException(
                        StorageErrorCode.REPOSITORY_IO_ERROR,
                        "no name for a pack can be used in " + store.location() + ", the last one was " + ending.pack,
                        "Look into the kernel's log for errors of this device or file system.");
            }
            append(again);
            ending = ending();
        }
        write(ending.directory);
        write(ending.trailer);
        StoredBlob stored = blob.commit(ending.pack.blobName());
        return new StoredPack(ending.pack, kind, stored.bytes(), entries);
    }

    /** Gives the pack up unless it is finished. Never throws. */
    @Override
    public void close() {
        blob.abort();
    }

    private Ending ending() {
        ByteBuffer directory = PackDirectory.encode(entries);
        ByteBuffer trailer = PackTrailer.of(blob.bytes(), directory).encode();
        MessageDigest whole = PackProof.copy(sha256);
        whole.update(directory.duplicate());
        whole.update(trailer.duplicate());
        return new Ending(directory, trailer, PackId.of(whole.digest()));
    }

    /** False if there is a damaged pack of that name. */
    private boolean isFree(PackId id) {
        try {
            return !store.exists(id.blobName()) || new PackProof(store, Pace.UNLIMITED).holds(id);
        } catch (StorageException e) {
            if (e.code().isOfOneBlob()) {
                return false;
            }
            throw e;
        }
    }

    private boolean hasSpace(SealedFrame frame) {
        return blob.bytes() + frame.stored().remaining() <= targetBytes;
    }

    private boolean hasPlace(List<SealedFrame> frames) {
        int bytes = frames.stream()
                .mapToInt(frame -> PackDirectory.encodedBytes(frame.chunks().size()))
                .sum();
        return entries.size() + frames.size() <= PackDirectory.MAX_FRAMES
                && directoryBytes + bytes <= PackTrailer.MAX_DIRECTORY_BYTES;
    }

    private void write(ByteBuffer content) {
        sha256.update(content.duplicate());
        blob.write(content);
    }
}
