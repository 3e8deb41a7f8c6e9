package dev.nightjar.storage.ingest;

import dev.nightjar.storage.StorageErrorCode;
import dev.nightjar.storage.StorageException;
import dev.nightjar.storage.blob.BlobStore;
import dev.nightjar.storage.catalog.Catalog;
import dev.nightjar.storage.catalog.ChunkEntry;
import dev.nightjar.storage.catalog.ChunkTable;
import dev.nightjar.storage.chunk.ChunkKind;
import dev.nightjar.storage.pack.PackWriter;
import dev.nightjar.storage.pack.StoredPack;
import dev.nightjar.storage.seal.SealedFrame;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import org.jspecify.annotations.Nullable;

/**
 * The stream of packs of one kind that a run writes: the first two steps of the order of writes. Used by one thread at a time.
 *
 * <ol>
 *   <li>The pack, durable under its name. A crash after it leaves an orphan pack.
 *   <li>Transaction: pack row and chunk rows. A crash after it leaves known chunks, which the next run reuses.
 * </ol>
 */
final class PackStream {

    private final RunState run;
    private final Catalog catalog;
    private final BlobStore blobs;
    private final UUID repository;
    private final ChunkKind kind;
    private final long targetBytes;
    private final int mostChunks;
    private @Nullable PackWriter open;
    private int chunks;
    private CompletableFuture<Void> storing = CompletableFuture.completedFuture(null);

    PackStream(
            RunState run,
            Catalog catalog,
            BlobStore blobs,
            UUID repository,
            ChunkKind kind,
            long targetBytes,
            int mostChunks) {
        this.run = run;
        this.catalog = catalog;
        this.blobs = blobs;
        this.repository = repository;
        this.kind = kind;
        this.targetBytes = targetBytes;
        this.mostChunks = mostChunks;
    }

    /** Whether the open pack has no room for the frame, so that it must be stored first. */
    boolean isFullFor(SealedFrame frame) {
        return open != null && (!open.hasRoom(frame) || chunks + frame.chunks().size() > mostChunks);
    }

    /** Appends a frame to the open pack, or to a new one; returns its length there. */
    int append(SealedFrame frame) {
        PackWriter writer = open;
        if (writer == null) {
            writer = new PackWriter(blobs, kind, repository, targetBytes);
            open = writer;
            chunks = 0;
        }
        chunks += frame.chunks().size();
        return writer.append(frame).storedLength();
    }

    /**
     * Begins to store the open pack, if there is one, on a thread of its own, so that the next can be filled meanwhile. Waits for the one before.
     * If that was not stored, this throws why, and so does every later call.
     */
    void beginToStore() {
        settle();
        PackWriter writer = open;
        if (writer != null) {
            open = null;
            storing = CompletableFuture.runAsync(() -> store(writer), PackStream::startThread);
        }
    }

    /** Stores everything: the chunks of all packs are in the catalog when this returns. Throws as {@link #beginToStore}. */
    void store() {
        beginToStore();
        settle();
    }

    private void settle() {
        try {
            storing.join();
        } catch (CompletionException e) {
            if (e.getCause() instanceof RuntimeException cause) {
                throw cause;
            }
            throw e;
        }
    }

    private static void startThread(Runnable task) {
        Thread.ofPlatform().name("nightjar-ingest-store").daemon().start(task);
    }

    private void store(PackWriter writer) {
        StoredPack pack;
        try (writer) {
            pack = writer.finish();
        }
        List<ChunkEntry> entries = ChunkEntry.of(pack);
        ChunkTable.Recorded recorded = run.write(connection -> {
            int number = catalog.packs()
                    .record(
                            connection,
                            pack.id(),
                            kind,
                            pack.bytes(),
                            entries.size(),
                            run.lease().runId());
            ChunkTable.Recorded chunks = catalog.chunks().record(connection, number, entries);
            if (chunks.healed() > 0) {
                catalog.locks().forgetKept(connection);
            }
            return chunks;
        });
        requireFile(pack);
        run.leaned().add(recorded.packs());
        run.healed(recorded.healed());
        for (ChunkEntry entry : entries) {
            run.inFlight().remove(entry.key());
        }
    }

    /** Reclaim may have deleted the very same pack between the two steps; it cannot any more, now that its row is LIVE. */
    private void requireFile(StoredPack pack) {
        if (!blobs.exists(pack.id().blobName())) {
            run.write(connection -> {
                catalog.packs().lose(connection, pack.id());
                return pack;
            });
            throw new StorageException(
                    StorageErrorCode.PACK_NOT_LIVE,
                    "Pack " + pack.id() + " was deleted and written again at the same time",
                    "Run the backup again.");
        }
    }

    /** Waits for the pack that is being stored, however that ends, and drops the open one. */
    void abort() {
        storing.handle((_, _) -> true).join();
        if (open != null) {
            open.close();
            open = null;
        }
    }
}
