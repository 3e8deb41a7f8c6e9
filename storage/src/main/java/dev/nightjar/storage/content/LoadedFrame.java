package dev.nightjar.storage.content;

import dev.nightjar.storage.StorageErrorCode;
import dev.nightjar.storage.StorageException;
import dev.nightjar.storage.chunk.ChunkHasher;
import dev.nightjar.storage.chunk.ChunkId;
import dev.nightjar.storage.chunk.ChunkKind;
import dev.nightjar.storage.pack.PackEntry;
import dev.nightjar.storage.pack.PackId;
import dev.nightjar.storage.seal.ChunkRef;
import java.nio.ByteBuffer;
import java.util.concurrent.atomic.AtomicInteger;

/** A frame in memory. Thread-safe. Each chunk is hashed once, when it is first asked for. */
public final class LoadedFrame {

    private final PackId pack;
    private final ChunkKind kind;
    private final PackEntry entry;
    private final ByteBuffer plain;
    /** A bit for each chunk that was found to have its id. */
    private final AtomicInteger verified = new AtomicInteger();

    /**
     * A frame whose plaintext is in {@code plain} from 0 on. Nobody writes to it any more; chunks are given out as slices of it.
     *
     * @param entry the frame, as the pack's directory describes it
     */
    public LoadedFrame(PackId pack, ChunkKind kind, PackEntry entry, ByteBuffer plain) {
        this.pack = pack;
        this.kind = kind;
        this.entry = entry;
        this.plain = plain;
    }

    /** Length of the plaintext. */
    public int length() {
        return entry.plainLength();
    }

    /**
     * The chunk at a place, if it is the one that is wanted.
     *
     * @throws StorageException CATALOG_NEEDS_REBUILD if another chunk lies there, DATA_DAMAGED if the bytes do not have the id
     */
    public ByteBuffer chunk(int place, ChunkId wanted, ChunkKind wantedKind, ChunkHasher hasher) {
        ChunkRef ref = verified(place, wanted, wantedKind, hasher);
        return bytes(ref.offset(), ref.length());
    }

    /**
     * Where in the frame the chunk at a place lies, once it is known to be the one that is wanted.
     *
     * @throws StorageException as {@link #chunk}
     */
    public ChunkRef verified(int place, ChunkId wanted, ChunkKind wantedKind, ChunkHasher hasher) {
        if (place >= entry.chunks().size()
                || kind != wantedKind
                || !entry.chunks().get(place).id().equals(wanted)) {
            throw new StorageException(
                    StorageErrorCode.CATALOG_NEEDS_REBUILD,
                    "The catalog says that chunk " + wanted + " lies in " + where(place) + "; another one lies there",
                    "Rebuild the catalog from the repository.");
        }
        ChunkRef ref = entry.chunks().get(place);
        if (!isVerified(place)) {
            if (!hasher.matches(kind, bytes(ref.offset(), ref.length()), wanted)) {
                throw new StorageException(
                        StorageErrorCode.DATA_DAMAGED,
                        "Chunk " + wanted + " in " + where(place) + " does not have its id",
                        "Bring the pack back from a copy of the repository; points that do not use it are not affected.");
            }
            verified.accumulateAndGet(1 << place, (bits, more) -> bits | more);
        }
        return ref;
    }

    /** Whether {@link #verified} can answer without hashing. */
    public boolean isVerified(int place) {
        return (verified.get() & 1 << place) != 0;
    }

    /** A part of the plaintext; of chunks that were not verified nobody knows what it is. */
    public ByteBuffer bytes(int offset, int length) {
        return plain.slice(offset, length);
    }

    private String where(int place) {
        return "pack " + pack + ", frame " + entry.frameIndex() + ", place " + place;
    }
}
