package dev.nightjar.storage.lock;

import dev.nightjar.storage.Awaited;
import dev.nightjar.storage.blob.BlobInfo;
import dev.nightjar.storage.blob.BlobStore;
import dev.nightjar.storage.catalog.Catalog;
import dev.nightjar.storage.catalog.ChunkKey;
import dev.nightjar.storage.catalog.ChunkLocation;
import dev.nightjar.storage.catalog.PackRow;
import dev.nightjar.storage.chunk.ChunkId;
import dev.nightjar.storage.map.MapReader;
import dev.nightjar.storage.map.MapRoot;
import dev.nightjar.storage.point.PointName;
import dev.nightjar.storage.point.PointRecord;
import it.unimi.dsi.fastutil.ints.IntOpenHashSet;
import it.unimi.dsi.fastutil.ints.IntSet;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.Stream;

/**
 * Has the store itself keep all that a locked point needs: its packs, its record, its lock, the key files and the configuration. Costs one walk through the point's map and one request for
 * each pack that is not kept for as long yet. Thread-safe.
 */
public final class StoreKeeping {

    private static final int BATCH = 4096;
    private static final int REQUESTS = 16;

    private final Catalog catalog;
    private final BlobStore blobs;
    private final MapReader maps;

    /** For the points of one repository. */
    public StoreKeeping(Catalog catalog, BlobStore blobs, MapReader maps) {
        this.catalog = catalog;
        this.blobs = blobs;
        this.maps = maps;
    }

    /** Returns once the store keeps everything until the lock ends. A point that is gone needs nothing. */
    void keep(PointLock lock) {
        Optional<PointRecord> point =
                catalog.database().read(connection -> catalog.points().find(connection, lock.point()));
        if (point.isEmpty()) {
            return;
        }
        // All that is there is kept, whatever is lost.
        Failures failures = new Failures();
        List<String> names = new ArrayList<>(List.of("config", PointName.of(lock.point()), lock.blobName()));
        try (Stream<BlobInfo> keys = blobs.list("keys/")) {
            keys.map(BlobInfo::name).forEach(names::add);
        }
        names.forEach(name -> failures.collect(() -> blobs.retention().retain(name, lock.until())));
        failures.collect(() -> keepPacks(point.get().root(), lock.until()));
        failures.throwFirst();
        catalog.database().transact(connection -> catalog.locks().setKept(connection, lock.point(), lock.until()));
    }

    private void keepPacks(MapRoot root, Instant until) {
        // Reclaim moves chunks from one pack to another; it leaves packs alone that are kept.
        List<PackRow> packs = unkept(root, until);
        while (!packs.isEmpty()) {
            keepPacks(packs, until);
            packs = unkept(root, until);
        }
    }

    /** Also those behind one that is lost, which is told in the end. */
    private void keepPacks(List<PackRow> packs, Instant until) {
        Failures failures = new Failures();
        for (int from = 0; from < packs.size(); from += REQUESTS) {
            keepAtOnce(packs.subList(from, Math.min(from + REQUESTS, packs.size())), until, failures);
        }
        failures.throwFirst();
    }

    private void keepAtOnce(List<PackRow> packs, Instant until, Failures failures) {
        List<Integer> kept = new ArrayList<>();
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            Map<Integer, Future<?>> asked = new LinkedHashMap<>();
            packs.forEach(pack -> asked.put(
                    pack.number(),
                    threads.submit(() -> blobs.retention().retain(pack.id().blobName(), until))));
            asked.forEach((number, answer) -> failures.collect(() -> {
                Awaited.of(answer, "keeping packs", "Lock the point again.");
                kept.add(number);
            }));
        }
        catalog.database().transact(connection -> catalog.packs().retained(connection, kept, until));
    }

    private List<PackRow> unkept(MapRoot root, Instant until) {
        Needed needed = new Needed();
        maps.visit(
                root,
                node -> {
                    needed.add(node);
                    return true;
                },
                needed::add);
        needed.ask();
        return catalog.database().read(connection -> catalog.packs().retainedUntilBefore(connection, until)).stream()
                .filter(pack -> needed.packs.contains(pack.number()))
                .toList();
    }

    /** The packs of chunks, asked for in batches. Used by one thread. */
    private final class Needed {

        private final IntSet packs = new IntOpenHashSet();
        private final List<ChunkKey> asked = new ArrayList<>(BATCH);

        void add(ChunkId id) {
            asked.add(ChunkKey.of(id));
            if (asked.size() == BATCH) {
                ask();
            }
        }

        void ask() {
            catalog.database().read(connection -> catalog.chunks().locate(connection, asked)).values().stream()
                    .mapToInt(ChunkLocation::pack)
                    .forEach(packs::add);
            asked.clear();
        }
    }
}
