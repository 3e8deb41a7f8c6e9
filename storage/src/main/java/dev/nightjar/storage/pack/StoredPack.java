package dev.nightjar.storage.pack;

import dev.nightjar.storage.chunk.ChunkKind;
import java.util.List;

/**
 * A pack in the repository and what its directory says. Immutable.
 *
 * @param id its name
 * @param kind what its chunks are
 * @param bytes its length
 * @param entries its frames, in the order of their offsets
 */
public record StoredPack(PackId id, ChunkKind kind, long bytes, List<PackEntry> entries) {

    /** Copies the list. */
    public StoredPack {
        entries = List.copyOf(entries);
    }
}
