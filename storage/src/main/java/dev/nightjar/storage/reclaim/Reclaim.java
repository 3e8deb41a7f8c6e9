package dev.nightjar.storage.reclaim;

import dev.nightjar.storage.StorageErrorCode;
import dev.nightjar.storage.StorageException;
import dev.nightjar.storage.blob.BlobStore;
import dev.nightjar.storage.catalog.Catalog;
import dev.nightjar.storage.catalog.PackRow;
import dev.nightjar.storage.chunk.ChunkKind;
import dev.nightjar.storage.key.RepositoryConfig;
import dev.nightjar.storage.map.MapReader;
import dev.nightjar.storage.pack.PackReader;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Frees the space of chunks that no point needs, beside running backups: mark and sweep. Thread-safe; several at a time do no harm, only work twice.
 *
 * <ol>
 *   <li>Delete what has been in the trash for long enough.
 *   <li>Mark: from the maps of all points, and of what runs and exports in progress hold.
 *   <li>Count, pack by pack, the chunks that are marked.
 *   <li>Move to the trash the packs that were condemned longer than the grace period ago and still have none, once every run and export that began before has ended.
 *   <li>Condemn the packs without any, and rewrite those with few. Ingest takes chunks of condemned packs for unknown.
 * </ol>
 *
 * Whatever ends it leaves a repository in which every point is whole; the next one goes on.
 */
public final class Reclaim {

    private static final Logger LOG = LoggerFactory.getLogger(Reclaim.class);

    /** PostgreSQL's SQLSTATE disk_full. */
    private static final String DISK_FULL = "53100";

    private final Catalog catalog;
    private final BlobStore blobs;
    private final PackReader packs;
    private final MapReader maps;
    private final RepositoryConfig config;
    private final ReclaimEpoch epoch;

    /** Reclaiming in one repository. */
    public Reclaim(Catalog catalog, BlobStore blobs, PackReader packs, MapReader maps, RepositoryConfig config) {
        this.catalog = catalog;
        this.blobs = blobs;
        this.packs = packs;
        this.maps = maps;
        this.config = config;
        this.epoch = new ReclaimEpoch(catalog, blobs);
    }

    /**
     * Reclaims; blocks. The caller has made sure that the catalog matches the repository. Where there is no space for what has to be written before something can be
     * deleted, the store's reserve is given up, and set aside again once there is room.
     *
     * @throws StorageException CATALOG_NEEDS_REBUILD, CATALOG_UNAVAILABLE, DATA_DAMAGED if a map cannot be read, or what the store says
     */
    public ReclaimReport run(ReclaimLimits limits) {
        try {
            return run(limits, false);
        } catch (StorageException e) {
            if (!isFull(e)) {
                throw e;
            }
            boolean gaveUp = blobs.reserve().giveUp();
            LOG.warn("no space to reclaim with; {}", gaveUp ? "the reserve is given up" : "there is no reserve", e);
            return run(limits, true);
        } finally {
            keepReserve();
        }
    }

    // Also when it is the catalog's disk that is full: that may be the same one.
    private static boolean isFull(StorageException e) {
        return e.code() == StorageErrorCode.REPOSITORY_FULL
                || (e.getCause() instanceof SQLException sql && DISK_FULL.equals(sql.getSQLState()));
    }

    private void keepReserve() {
        try {
            if (!blobs.reserve().keep()) {
                LOG.warn("there is no room in {} for the reserve yet", blobs.location());
            }
        } catch (StorageException e) {
            LOG.warn("the reserve could not be made again", e);
        }
    }

    /**
     * @param full nothing more can be given up: what cannot be rewritten stays as it is
     */
    private ReclaimReport run(ReclaimLimits limits, boolean full) {
        // Asked once: what is deleted first must not make the rest wait in the trash.
        boolean spaceIsShort = blobs.isNearlyFull();
        TrashEmptying trash = new TrashEmptying(catalog, blobs);
        trash.run(limits.trash(), spaceIsShort || full);
        Counting counting = new Counting(epoch, full);
        PackRemoval removal = new PackRemoval(catalog, blobs, packs, counting::advance, spaceIsShort);
        removal.finish();
        Marked marked = mark();
        revive(marked.uses.condemned());
        // What is due goes first: on a full disk there is no room to rewrite anything before.
        List<PackRow> deleted =
                removal.deleteDue(numbers(unused(marked.uses.condemned())), marked.condemnation, limits.grace());
        List<PackUse> unused = unused(marked.uses.live());
        List<PackUse> sparse = sparse(marked.uses.live(), limits);
        if (!unused.isEmpty() || !sparse.isEmpty()) {
            epoch.advance();
        }
        int condemned = marked.condemnation.condemn(numbers(unused));
        Rewriting rewriting =
                new Rewriting(catalog, blobs, packs, config, marked.live, marked.condemnation, limits.sparse());
        rewrite(rewriting, sparse, full);
        long orphans = removal.deleteOrphans(limits.grace());
        counting.makeUp();
        return new ReclaimReport(
                condemned + rewriting.rewrittenPacks(),
                unused.stream().mapToLong(use -> use.pack().storedBytes()).sum() + rewriting.rewrittenBytes(),
                rewriting.rewrittenPacks(),
                rewriting.copiedBytes(),
                deleted.size(),
                deleted.stream().mapToLong(PackRow::storedBytes).sum(),
                catalog.database().read(catalog.packs()::condemned).size(),
                orphans,
                trash.freedBytes(),
                trash.left());
    }

    private static void rewrite(Rewriting rewriting, List<PackUse> sparse, boolean full) {
        try {
            for (ChunkKind kind : ChunkKind.values()) {
                rewriting.rewrite(
                        sparse.stream().filter(use -> use.pack().kind() == kind).toList());
            }
        } catch (StorageException e) {
            if (!full || e.code() != StorageErrorCode.REPOSITORY_FULL) {
                throw e;
            }
            LOG.warn("no space to rewrite packs that are mostly empty", e);
        }
    }

    private record Marked(LiveChunks live, Condemnation condemnation, PackUses uses) {}

    private Marked mark() {
        LiveChunks live = new LiveChunks(
                maps, catalog.database().read(catalog.packs()::totals).chunks());
        Condemnation condemnation = new Condemnation(catalog, live);
        live.add(catalog.database().read(catalog.points()::roots));
        return new Marked(live, condemnation, PackUses.count(catalog, live));
    }

    // A run may have leaned on a chunk that was moved to another pack while it ran, and that pack was condemned before
    // it committed.
    private void revive(List<PackUse> condemned) {
        Set<Integer> used =
                numbers(condemned.stream().filter(use -> !use.unused()).toList());
        catalog.database().transact(connection -> catalog.packs().revive(connection, used));
    }

    private static List<PackUse> unused(List<PackUse> uses) {
        return uses.stream().filter(PackUse::unused).toList();
    }

    private static Set<Integer> numbers(List<PackUse> uses) {
        return uses.stream().map(use -> use.pack().number()).collect(Collectors.toSet());
    }

    private static List<PackUse> sparse(List<PackUse> uses, ReclaimLimits limits) {
        List<PackUse> sparse = new ArrayList<>();
        long bytes = 0;
        for (PackUse use : uses) {
            if (use.sparse(limits.sparse()) && bytes + use.pack().storedBytes() <= limits.rewriteBytes()) {
                sparse.add(use);
                bytes += use.pack().storedBytes();
            }
        }
        return sparse;
    }
}
