package dev.nightjar.bench;

import dev.nightjar.storage.blob.BlobStore;
import dev.nightjar.storage.catalog.Catalog;
import dev.nightjar.storage.catalog.ChunkEntry;
import dev.nightjar.storage.chunk.ChunkId;
import dev.nightjar.storage.chunk.ChunkKind;
import dev.nightjar.storage.map.NodeSource;
import dev.nightjar.storage.map.NodeStore;
import dev.nightjar.storage.pack.PackWriter;
import dev.nightjar.storage.pack.StoredPack;
import dev.nightjar.storage.seal.ChunkRef;
import dev.nightjar.storage.seal.FrameSealer;
import dev.nightjar.storage.seal.SealedFrame;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** Puts the nodes of a map that is made up into packs and the catalog. Used by one thread. */
final class NodePacks implements NodeStore, AutoCloseable {

    private static final long TARGET_BYTES = 8 << 20;

    private final Catalog catalog;
    private final BlobStore blobs;
    private final UUID repository;
    private final NodeSource stored;
    private final FrameSealer sealer = new FrameSealer();
    private final List<ChunkRef> chunks = new ArrayList<>();
    private final ByteBuffer plain = ByteBuffer.allocate(SealedFrame.MAX_PLAIN_BYTES);
    private @Nullable PackWriter open;

    NodePacks(Catalog catalog, BlobStore blobs, UUID repository, NodeSource stored) {
        this.catalog = catalog;
        this.blobs = blobs;
        this.repository = repository;
        this.stored = stored;
    }

    @Override
    public ByteBuffer load(ChunkId id) {
        return stored.load(id);
    }

    @Override
    public void store(ChunkId id, ByteBuffer node) {
        chunks.add(new ChunkRef(id, plain.position(), node.remaining()));
        plain.put(node);
        if (chunks.size() == SealedFrame.MAX_CHUNKS) {
            append();
        }
    }

    /** Makes everything known. */
    void finish() {
        if (!chunks.isEmpty()) {
            append();
        }
        storePack();
    }

    private void append() {
        SealedFrame frame = sealer.seal(chunks, plain.flip());
        plain.clear();
        chunks.clear();
        if (open != null && !open.hasRoom(frame)) {
            storePack();
        }
        PackWriter writer = open == null ? new PackWriter(blobs, ChunkKind.MAP_NODE, repository, TARGET_BYTES) : open;
        open = writer;
        writer.append(frame);
    }

    private void storePack() {
        PackWriter writer = open;
        if (writer == null) {
            return;
        }
        open = null;
        StoredPack pack = writer.finish();
        List<ChunkEntry> entries = ChunkEntry.of(pack);
        catalog.database().transact(connection -> {
            int number = catalog.packs()
                    .record(connection, pack.id(), ChunkKind.MAP_NODE, pack.bytes(), entries.size(), null);
            catalog.chunks().record(connection, number, entries);
        });
    }

    @Override
    public void close() {
        sealer.close();
        if (open != null) {
            open.close();
        }
    }
}
