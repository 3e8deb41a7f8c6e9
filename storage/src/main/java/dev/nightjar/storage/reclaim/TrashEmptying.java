package dev.nightjar.storage.reclaim;

import dev.nightjar.storage.StorageErrorCode;
import dev.nightjar.storage.StorageException;
import dev.nightjar.storage.blob.BlobStore;
import dev.nightjar.storage.catalog.Catalog;
import dev.nightjar.storage.pack.PackTrash;
import java.time.Duration;
import java.util.List;

/**
 * Deletes what has been in the trash for long enough: at the earliest by the reclaim after the one that moved it there, or at once while space is short. Used by one thread. A crash
 * leaves the rest to the next one.
 */
final class TrashEmptying {

    private static final Duration WHILE_DAMAGED = Duration.ofDays(3);

    private final Catalog catalog;
    private final BlobStore blobs;
    private final PackTrash trash;
    private long freedBytes;

    TrashEmptying(Catalog catalog, BlobStore blobs) {
        this.catalog = catalog;
        this.blobs = blobs;
        trash = new PackTrash(blobs);
    }

    /** Deletes what was put there before and is due, or everything if space is short. While a pack is damaged, what may mend it stays until a scrub, which begins once a day, had time to. */
    void run(Duration keep, boolean spaceIsShort) {
        List<String> names = trash.names();
        List<String> due = catalog.database().inTransaction(connection -> {
            catalog.trash().set(connection, names);
            boolean mayMend = keep.compareTo(WHILE_DAMAGED) < 0
                    && !catalog.damage().packs(connection).isEmpty();
            return spaceIsShort ? names : catalog.trash().due(connection, mayMend ? WHILE_DAMAGED : keep);
        });
        due.forEach(this::delete);
    }

    /** The space that is back. */
    long freedBytes() {
        return freedBytes;
    }

    /** How much lies there now. */
    long left() {
        return trash.names().size();
    }

    private void delete(String name) {
        try {
            long bytes = blobs.size(name);
            trash.delete(name);
            freedBytes += bytes;
        } catch (StorageException e) {
            // Somebody else empties it as well, or has found use for it; or it stays, for the device fails there, or
            // the
            // store itself keeps it, by a rule of the bucket's own.
            if (!e.code().isOfOneBlob() && e.code() != StorageErrorCode.BLOB_RETAINED) {
                throw e;
            }
        }
    }
}
