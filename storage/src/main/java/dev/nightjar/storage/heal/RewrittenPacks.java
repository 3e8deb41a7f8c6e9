package dev.nightjar.storage.heal;

import dev.nightjar.storage.StorageErrorCode;
import dev.nightjar.storage.StorageException;
import dev.nightjar.storage.blob.BlobStore;
import dev.nightjar.storage.catalog.Catalog;
import dev.nightjar.storage.catalog.CatalogDatabase.Action;
import dev.nightjar.storage.catalog.ChunkEntry;
import dev.nightjar.storage.catalog.PackRow;
import dev.nightjar.storage.key.RepositoryConfig;
import dev.nightjar.storage.pack.PackWriter;
import dev.nightjar.storage.pack.StoredPack;
import dev.nightjar.storage.reclaim.ReclaimEpoch;
import dev.nightjar.storage.seal.SealedFrame;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** New packs to which chunks of a damaged one move, frame by frame as they are stored. Thread-safe. */
public final class RewrittenPacks {

    private static final Logger LOG = LoggerFactory.getLogger(RewrittenPacks.class);

    private final Catalog catalog;
    private final BlobStore blobs;
    private final RepositoryConfig config;
    private final ReclaimEpoch epoch;

    /** New packs of one repository. */
    public RewrittenPacks(Catalog catalog, BlobStore blobs, RepositoryConfig config) {
        this.catalog = catalog;
        this.blobs = blobs;
        this.config = config;
        epoch = new ReclaimEpoch(catalog, blobs);
    }

    UUID repositoryId() {
        return config.repositoryId();
    }

    /**
     * Begins to save what is in a pack. The caller closes it.
     *
     * @throws StorageException CATALOG_NEEDS_REBUILD
     */
    Writing begin(PackRow damaged) {
        long generation =
                catalog.database().read(catalog.repositories()::generation).orElseThrow(RewrittenPacks::rebuilt);
        return new Writing(damaged, generation);
    }

    private static StorageException rebuilt() {
        return new StorageException(
                StorageErrorCode.CATALOG_NEEDS_REBUILD,
                "The catalog was rebuilt, or lost, while a pack was being mended",
                "Nothing was removed by mistake; scrub again.");
    }

    /** The new packs of one damaged pack. Used by one thread. */
    final class Writing implements AutoCloseable {

        private final PackRow damaged;
        private final long generation;
        private @Nullable PackWriter open;
        private boolean moved;

        private Writing(PackRow damaged, long generation) {
            this.damaged = damaged;
            this.generation = generation;
        }

        void append(SealedFrame frame) {
            if (open != null && !open.hasRoom(frame)) {
                store();
            }
            if (open == null) {
                open = new PackWriter(blobs, damaged.kind(), config.repositoryId(), config.packTargetBytes());
            }
            open.append(frame);
        }

        /** Stores what was appended; then condemns the damaged pack unless some chunk is still to be found there only. */
        void finish() {
            store();
            inQuiet(connection -> {
                if (!catalog.chunks().isNamed(connection, damaged.number())
                        && catalog.packs().condemn(connection, List.of(damaged.number())) > 0) {
                    LOG.info("everything that is left of damaged pack {} lies elsewhere now", damaged.id());
                }
            });
            if (moved) {
                // A dump that was taken meanwhile knows nothing of the new packs either.
                epoch.advance();
            }
        }

        @Override
        public void close() {
            if (open != null) {
                open.close();
            }
        }

        private void store() {
            PackWriter writer = open;
            if (writer == null) {
                return;
            }
            StoredPack pack = writer.finish();
            open = null;
            if (!moved) {
                // A dump from before takes the new packs for orphans, and the damaged one for all there is.
                epoch.advance();
                moved = true;
            }
            List<ChunkEntry> chunks = ChunkEntry.of(pack);
            inQuiet(connection -> {
                int number =
                        catalog.packs().record(connection, pack.id(), pack.kind(), pack.bytes(), chunks.size(), null);
                // It may be the very same pack, if that is whole by now.
                catalog.damage().clear(connection, number);
                catalog.chunks().move(connection, damaged.number(), number, chunks);
                catalog.locks().forgetKept(connection);
            });
        }

        /** A transaction during which nobody commits, and only if no rebuild has taken place. */
        private void inQuiet(Action action) {
            catalog.database().transact(connection -> {
                catalog.repositories().lockOutCommits(connection);
                if (catalog.repositories().holdGeneration(connection).orElse(-1) != generation) {
                    throw rebuilt();
                }
                action.on(connection);
            });
        }
    }
}
