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
final class LoadedFrame {

    private final PackId pack;
    private final ChunkKind kind;
    private final PackEntry entry;
    private final ByteBuffer plain;
    /** A bit for each chunk that was found to have its id. */
    private final AtomicInteger verified = new AtomicInteger();

    LoadedFrame(PackId pack, ChunkKind kind, PackEntry entry, ByteBuffer plain) {
        this.pack = pack;
        this.kind = kind;
        this.entry = entry;
        this.plain = plain.asReadOnlyBuffer();
    }

    int bytes() {
        return entry.plainLength();
    }

    /** The chunk at a place, if it is the one that is wanted. */
    ByteBuffer chunk(int place, ChunkId wanted, ChunkKind wantedKind, ChunkHasher hasher) {
        if (place >= entry.chunks().size()
                || kind != wantedKind
                || !entry.chunks().get(place).id().equals(wanted)) {
            throw new StorageException(
                    StorageErrorCode.CATALOG_NEEDS_REBUILD,
                    "The catalog says that chunk " + wanted + " lies in " + where(place) + "; another one lies there",
                    "Rebuild the catalog from the repository.");
        }
        ChunkRef ref = entry.chunks().get(place);
        ByteBuffer chunk = plain.slice(ref.offset(), ref.length());
        int bit = 1 << place;
        if ((verified.get() & bit) == 0) {
            if (!hasher.id(kind, chunk).equals(wanted)) {
                throw new StorageException(
                        StorageErrorCode.DATA_DAMAGED,
                        "Chunk " + wanted + " in " + where(place) + " does not have its id",
                        "Bring the pack back from a copy of the repository; points that do not use it are not affected.");
            }
            verified.accumulateAndGet(bit, (bits, more) -> bits | more);
        }
        return chunk;
    }

    private String where(int place) {
        return "pack " + pack + ", frame " + entry.frameIndex() + ", place " + place;
    }
}
