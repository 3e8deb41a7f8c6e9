package dev.nightjar.storage.ingest;

import dev.nightjar.storage.catalog.Catalog;
import dev.nightjar.storage.catalog.ChunkKey;
import dev.nightjar.storage.chunk.ChunkId;
import dev.nightjar.storage.seal.ChunkRef;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Tells new chunks from known ones and begins to seal the new. Used by one thread, which alone decides that a chunk is new: a chunk
 * is asked for in flight first and in the catalog second, and leaves the flight only after its transaction, so one of the two knows
 * it.
 */
final class LookUpStage {

    private final RunState run;
    private final Catalog catalog;
    private final IngestWorkers workers;

    LookUpStage(RunState run, Catalog catalog, IngestWorkers workers) {
        this.run = run;
        this.catalog = catalog;
        this.workers = workers;
    }

    /** Looks up all chunks of the regions, whose ids are known, at once. */
    void process(List<Region> regions) {
        Set<ChunkKey> asked = new HashSet<>();
        for (Region region : regions) {
            for (ChunkId id : region.hashed().join()) {
                if (id != null && !run.inFlight().contains(ChunkKey.of(id))) {
                    asked.add(ChunkKey.of(id));
                }
            }
        }
        Map<ChunkKey, Integer> live = asked.isEmpty()
                ? Map.of()
                : catalog.database().read(connection -> catalog.chunks().livePacks(connection, asked));
        run.leaned().add(live.values());
        asked.removeAll(live.keySet());
        for (Region region : regions) {
            sort(region, asked);
        }
    }

    /** Counts the region's chunks and makes frames of those that are in {@code unknown}, which they leave. */
    private void sort(Region region, Set<ChunkKey> unknown) {
        List<@Nullable ChunkId> ids = region.hashed().join();
        List<ChunkRef> frame = new ArrayList<>();
        int firstOfFrame = 0;
        int frameBytes = 0;
        for (int i = 0; i < ids.size(); i++) {
            ChunkId id = ids.get(i);
            int length = region.slice(i, i + 1).remaining();
            if (id != null && unknown.remove(ChunkKey.of(id))) {
                run.inFlight().add(ChunkKey.of(id));
                region.counters().fresh(length);
                frame.add(new ChunkRef(id, frameBytes, length));
                frameBytes += length;
                continue;
            }
            if (id == null) {
                region.counters().zero(length);
            } else {
                region.counters().deduplicated(length);
            }
            seal(region, frame, firstOfFrame);
            frame = new ArrayList<>();
            firstOfFrame = i + 1;
            frameBytes = 0;
        }
        seal(region, frame, firstOfFrame);
    }

    private void seal(Region region, List<ChunkRef> chunks, int first) {
        if (!chunks.isEmpty()) {
            ByteBuffer plain = region.slice(first, first + chunks.size());
            region.frames().add(new PendingFrame(workers.sealInPlace(chunks, plain)));
        }
    }
}
