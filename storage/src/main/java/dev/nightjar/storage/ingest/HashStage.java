package dev.nightjar.storage.ingest;

import dev.nightjar.storage.chunk.ChunkHasher;
import dev.nightjar.storage.chunk.ChunkId;
import dev.nightjar.storage.chunk.ChunkKind;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Executor;
import org.jspecify.annotations.Nullable;

/** Computes the ids of a region's chunks on the workers. Thread-safe. */
final class HashStage {

    private final ChunkHasher hasher;
    private final Executor workers;

    HashStage(ChunkHasher hasher, Executor workers) {
        this.hasher = hasher;
        this.workers = workers;
    }

    void begin(Region region) {
        region.hashed().completeAsync(() -> ids(region), workers);
    }

    private List<@Nullable ChunkId> ids(Region region) {
        List<@Nullable ChunkId> ids = new ArrayList<>(region.chunks());
        for (int i = 0; i < region.chunks(); i++) {
            ByteBuffer chunk = region.slice(i, i + 1);
            ids.add(ChunkHasher.isZero(chunk) ? null : hasher.id(ChunkKind.DATA, chunk));
        }
        return ids;
    }
}
