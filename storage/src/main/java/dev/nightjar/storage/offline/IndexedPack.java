package dev.nightjar.storage.offline;

import dev.nightjar.storage.chunk.ChunkKind;
import dev.nightjar.storage.pack.PackEntry;
import dev.nightjar.storage.pack.PackId;
import dev.nightjar.storage.pack.StoredPack;

/**
 * A pack whose directory was read. Immutable.
 *
 * @param id its name
 * @param kind what its chunks are
 * @param bytes its length
 * @param frames how many frames it has
 * @param chunks how many chunks they have
 */
public record IndexedPack(PackId id, ChunkKind kind, long bytes, int frames, int chunks) {

    static IndexedPack of(StoredPack pack) {
        int chunks = 0;
        for (PackEntry entry : pack.entries()) {
            chunks += entry.chunks().size();
        }
        return new IndexedPack(
                pack.id(), pack.kind(), pack.bytes(), pack.entries().size(), chunks);
    }
}
