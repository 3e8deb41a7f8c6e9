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

    /** Stores the open pack, if there is one: its chunks are in the catalog when this returns. */
    void store() {
        PackWriter writer = open;
        if (writer == null) {
            return;
        }
        open = null;
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
            return catalog.chunks().record(connection, number, entries);
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

    /** Drops the open pack. */
    void abort() {
        if (open != null) {
            open.close();
            open = null;
        }
    }
}
