package dev.nightjar.storage.ingest;

import dev.nightjar.storage.catalog.Catalog;
import dev.nightjar.storage.catalog.ChunkKey;
import dev.nightjar.storage.chunk.ChunkId;
import dev.nightjar.storage.map.NodeSource;
import dev.nightjar.storage.map.NodeStore;
import dev.nightjar.storage.seal.ChunkRef;
import dev.nightjar.storage.seal.FrameSealer;
import dev.nightjar.storage.seal.SealedFrame;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Where the maps of a run's disks go: nodes that the repository does not have are collected into frames and packs of their own kind.
 * Thread-safe: one node at a time.
 *
 * <p>Before a pack of nodes is stored, the data packs are: a node in the catalog never refers to a chunk that is not.
 */
final class NodeSink implements NodeStore, AutoCloseable {

    /** Nodes that are looked up together. */
    private static final int BATCH = 256;

    private final RunState run;
    private final Catalog catalog;
    private final NodeSource stored;
    private final IngestPipeline pipeline;
    private final PackStream packs;
    // Nodes hold ids, which are keyed hashes: they stay readable, so that space can be reclaimed without the key.
    private final FrameSealer sealer = new FrameSealer();
    private final Map<ChunkId, ByteBuffer> waiting = new LinkedHashMap<>();

    NodeSink(RunState run, Catalog catalog, NodeSource stored, IngestPipeline pipeline, PackStream packs) {
        this.run = run;
        this.catalog = catalog;
        this.stored = stored;
        this.pipeline = pipeline;
        this.packs = packs;
    }

    @Override
    public ByteBuffer load(ChunkId id) {
        return stored.load(id);
    }

    @Override
    public void expect(Collection<ChunkId> ids) {
        stored.expect(ids);
    }

    @Override
    public synchronized void store(ChunkId id, ByteBuffer node) {
        if (run.inFlight().contains(ChunkKey.of(id))) {
            return;
        }
        waiting.put(id, node);
        if (waiting.size() >= BATCH) {
            pack();
        }
    }

    /** Stores every node that was handed in, and all data before. */
    synchronized void finish() {
        pack();
        pipeline.flush();
        packs.store();
    }

    @Override
    public synchronized void close() {
        packs.abort();
        sealer.close();
    }

    private void pack() {
        Map<ChunkKey, ChunkId> unknown = new HashMap<>();
        waiting.keySet().forEach(id -> unknown.put(ChunkKey.of(id), id));
        Map<ChunkKey, Integer> live = catalog.database()
                .read(connection -> catalog.chunks().livePacks(connection, Set.copyOf(unknown.keySet())));
        run.leaned().add(live.values());
        live.keySet().forEach(key -> waiting.remove(unknown.get(key)));
        List<Map.Entry<ChunkId, ByteBuffer>> frame = new ArrayList<>();
        for (Map.Entry<ChunkId, ByteBuffer> node : waiting.entrySet()) {
            frame.add(node);
            if (frame.size() == SealedFrame.MAX_CHUNKS) {
                append(frame);
                frame.clear();
            }
        }
        if (!frame.isEmpty()) {
            append(frame);
        }
        waiting.clear();
    }

    private void append(List<Map.Entry<ChunkId, ByteBuffer>> nodes) {
        List<ChunkRef> chunks = new ArrayList<>();
        int length = 0;
        for (Map.Entry<ChunkId, ByteBuffer> node : nodes) {
            chunks.add(new ChunkRef(node.getKey(), length, node.getValue().remaining()));
            length += node.getValue().remaining();
        }
        ByteBuffer plain = ByteBuffer.allocate(length);
        for (Map.Entry<ChunkId, ByteBuffer> node : nodes) {
            plain.put(node.getValue().duplicate());
            run.inFlight().add(ChunkKey.of(node.getKey()));
        }
        SealedFrame sealed = sealer.seal(chunks, plain.flip());
        if (packs.isFullFor(sealed)) {
            pipeline.flush();
            packs.store();
        }
        packs.append(sealed);
    }
}
