package dev.nightjar.storage.reclaim;

import dev.nightjar.storage.StorageErrorCode;
import dev.nightjar.storage.StorageException;
import dev.nightjar.storage.blob.BlobInfo;
import dev.nightjar.storage.blob.BlobStore;
import dev.nightjar.storage.catalog.Catalog;
import dev.nightjar.storage.catalog.ChunkEntry;
import dev.nightjar.storage.catalog.ChunkKey;
import dev.nightjar.storage.catalog.PackRow;
import dev.nightjar.storage.pack.PackId;
import dev.nightjar.storage.pack.PackReader;
import dev.nightjar.storage.pack.PackTrash;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.OptionalInt;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Deletes packs: the condemned ones whose time has come, and those that nobody knows. In this order:
 *
 * <ol>
 *   <li>Transaction that locks commits out: CONDEMNED becomes DELETED, if it is still due and still of no use, and its chunk rows go. Nobody reads or revives the pack any more.
 *   <li>The file moves to the trash, or is deleted if space is short. A crash after it leaves a row that the next reclaim removes.
 *   <li>Transaction: the row goes.
 * </ol>
 *
 * A run that stores the very same pack meanwhile finds its row DELETED and fails, or finds, after its own row is there, that the file is not, and fails; it succeeds the next time.
 */
final class PackRemoval {

    private static final Logger LOG = LoggerFactory.getLogger(PackRemoval.class);

    /** Where the store does not say until when it keeps a pack. */
    private static final Duration TRIED_AGAIN_AFTER = Duration.ofDays(1);

    /** What has become of a file that was to go. */
    private enum Discarded {
        GONE,
        /** The store keeps it. */
        KEPT,
        /** The device does not let it go. */
        FAILED
    }

    private final Catalog catalog;
    private final BlobStore blobs;
    private final PackReader packs;
    private final Runnable count;
    private final PackTrash trash;
    private final boolean spaceIsShort;

    /**
     * Removal in one repository.
     *
     * @param count begins a reclaim epoch
     * @param spaceIsShort whether nothing may be kept for a while
     */
    PackRemoval(Catalog catalog, BlobStore blobs, PackReader packs, Runnable count, boolean spaceIsShort) {
        this.catalog = catalog;
        this.blobs = blobs;
        this.packs = packs;
        this.count = count;
        this.spaceIsShort = spaceIsShort;
        trash = new PackTrash(blobs);
    }

    /** Finishes deletions that were cut off, and forgets packs whose files were lost. */
    void finish() {
        for (PackRow pack : catalog.database().read(catalog.packs()::deleted)) {
            catalog.database().transact(connection -> catalog.chunks().forget(connection, pack.number()));
            remove(pack);
        }
    }

    /**
     * Deletes those of the packs that are due, each in a quiet transaction of its own that looks once more whether somebody needs it; returns them.
     *
     * @param unused condemned packs of which nothing was marked
     */
    List<PackRow> deleteDue(Set<Integer> unused, Condemnation condemnation, Duration grace) {
        List<PackRow> due = catalog
                .database()
                .read(connection -> catalog.packs().due(connection, grace))
                .stream()
                .filter(pack -> unused.contains(pack.number()))
                .toList();
        if (!due.isEmpty()) {
            // It may have been condemned by mending, and since the last dump.
            count.run();
        }
        return due.stream().filter(pack -> delete(pack, condemnation, grace)).toList();
    }

    /** Deletes packs that the catalog has not known for long enough; returns how many. */
    long deleteOrphans(Duration grace) {
        Set<PackId> stored = stored();
        // The rows after the files: a pack that is recorded in between is known.
        Set<PackId> known = catalog.database().read(catalog.packs()::names);
        stored.removeAll(known);
        List<PackId> due = catalog.database().inTransaction(connection -> {
            catalog.orphans().set(connection, stored);
            return catalog.orphans().due(connection, grace);
        });
        if (!due.isEmpty()) {
            // A dump from before may know it as a pack of its own.
            count.run();
        }
        return due.stream().filter(this::deleteOrphan).count();
    }

    /**
     * A run that began after the orphan was seen may store the very same pack, and find its file there. So the orphan gets a row first that is DELETED: such a run is turned
     * away by it, and one that has recorded the pack already keeps it.
     */
    private boolean deleteOrphan(PackId orphan) {
        OptionalInt claimed =
                catalog.database().inTransaction(connection -> catalog.packs().claimOrphan(connection, orphan));
        if (claimed.isEmpty()) {
            return false;
        }
        boolean gone = discard(orphan) == Discarded.GONE;
        catalog.database().transact(connection -> catalog.packs().remove(connection, claimed.getAsInt()));
        return gone;
    }

    private boolean delete(PackRow pack, Condemnation condemnation, Duration grace) {
        List<ChunkKey> keys = keys(pack);
        boolean begun = condemnation.inQuiet(connection -> {
            if (condemnation.usedSinceMark(connection).contains(pack.number())
                    || !catalog.packs().beginDelete(connection, pack.number(), grace)) {
                return false;
            }
            if (keys.isEmpty()) {
                catalog.chunks().forget(connection, pack.number());
            } else {
                catalog.chunks().forget(connection, pack.number(), keys);
            }
            return true;
        });
        return begun && remove(pack);
    }

    /** The chunks that the pack was stored with; none if its directory cannot be read. */
    private List<ChunkKey> keys(PackRow pack) {
        try {
            return ChunkEntry.of(packs.directory(pack.id())).stream()
                    .map(ChunkEntry::key)
                    .toList();
        } catch (StorageException e) {
            if (e.code().isOfOneBlob() || e.code() == StorageErrorCode.FORMAT_UNSUPPORTED) {
                return List.of();
            }
            throw e;
        }
    }

    /**
     * Returns whether the pack is gone: the store may keep it for a locked point, also where the catalog does not know of that any more, or the device may fail at its name, which must not end
     * every reclaim.
     */
    private boolean remove(PackRow pack) {
        Discarded discarded = discard(pack.id());
        if (discarded == Discarded.GONE) {
            catalog.database().transact(connection -> catalog.packs().remove(connection, pack.number()));
            return true;
        }
        Instant until = discarded == Discarded.FAILED
                ? Instant.now()
                : trash.retainedUntil(pack.id().blobName())
                        .orElseGet(() -> Instant.now().plus(TRIED_AGAIN_AFTER));
        catalog.database().transact(connection -> catalog.packs().refuseDelete(connection, pack.number(), until));
        return false;
    }

    /**
     * Where space is short, nothing is kept for a while, nor asked of the file system but to delete.
     */
    private Discarded discard(PackId pack) {
        try {
            if (!spaceIsShort) {
                return trash.discard(pack, pack) ? Discarded.GONE : Discarded.KEPT;
            }
            blobs.delete(pack.blobName());
            return Discarded.GONE;
        } catch (StorageException e) {
            Discarded stays = switch (e.code()) {
                case BLOB_RETAINED -> Discarded.KEPT;
                case REPOSITORY_IO_ERROR -> Discarded.FAILED;
                default -> throw e;
            };
            LOG.info("{} stays: {}", pack.blobName(), e.getMessage());
            return stays;
        }
    }

    private Set<PackId> stored() {
        try (Stream<BlobInfo> names = blobs.list(PackId.PREFIX)) {
            return names.flatMap(blob -> PackId.ofBlobName(blob.name()).stream())
                    .collect(Collectors.toSet());
        }
    }
}
