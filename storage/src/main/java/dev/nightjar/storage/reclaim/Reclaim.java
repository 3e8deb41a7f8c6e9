package dev.nightjar.storage.reclaim;

import dev.nightjar.storage.StorageException;
import dev.nightjar.storage.blob.BlobStore;
import dev.nightjar.storage.catalog.Catalog;
import dev.nightjar.storage.catalog.PackRow;
import dev.nightjar.storage.chunk.ChunkKind;
import dev.nightjar.storage.key.RepositoryConfig;
import dev.nightjar.storage.map.MapReader;
import dev.nightjar.storage.pack.PackReader;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * Frees the space of chunks that no point needs, beside running backups: mark and sweep. Thread-safe; several at a time do no harm, only work twice.
 *
 * <ol>
 *   <li>Mark: from the maps of all points, and of what runs and exports in progress hold.
 *   <li>Count, pack by pack, the chunks that are marked.
 *   <li>Delete the packs that were condemned longer than the grace period ago and still have none, once every run and export that began before has ended.
 *   <li>Condemn the packs without any, and rewrite those with few. Ingest takes chunks of condemned packs for unknown.
 * </ol>
 *
 * Whatever ends it leaves a repository in which every point is whole; the next one goes on.
 */
public final class Reclaim {

    private final Catalog catalog;
    private final BlobStore blobs;
    private final PackReader packs;
    private final MapReader maps;
    private final RepositoryConfig config;
    private final PackRemoval removal;
    private final ReclaimEpoch epoch;

    /** Reclaiming in one repository. */
    public Reclaim(Catalog catalog, BlobStore blobs, PackReader packs, MapReader maps, RepositoryConfig config) {
        this.catalog = catalog;
        this.blobs = blobs;
        this.packs = packs;
        this.maps = maps;
        this.config = config;
        this.removal = new PackRemoval(catalog, blobs, packs);
        this.epoch = new ReclaimEpoch(catalog, blobs);
    }

    /**
     * Reclaims; blocks. The caller has made sure that the catalog matches the repository.
     *
     * @throws StorageException CATALOG_NEEDS_REBUILD, CATALOG_UNAVAILABLE, DATA_DAMAGED if a map cannot be read, or what the store says
     */
    public ReclaimReport run(ReclaimLimits limits) {
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
        Rewriting rewriting = new Rewriting(
                catalog, blobs, packs, config, marked.live, marked.condemnation, limits.sparse());
        for (ChunkKind kind : ChunkKind.values()) {
            rewriting.rewrite(
                    sparse.stream().filter(use -> use.pack().kind() == kind).toList());
        }
        long orphans = removal.deleteOrphans(limits.grace());
        return new ReclaimReport(
                condemned + rewriting.rewrittenPacks(),
                unused.stream().mapToLong(use -> use.pack().storedBytes()).sum() + rewriting.rewrittenBytes(),
                rewriting.rewrittenPacks(),
                rewriting.copiedBytes(),
                deleted.size(),
                deleted.stream().mapToLong(PackRow::storedBytes).sum(),
                catalog.database().read(catalog.packs()::condemned).size(),
                orphans);
    }

    private record Marked(LiveChunks live, Condemnation condemnation, PackUses uses) {}

    private Marked mark() {
        LiveChunks live = new LiveChunks(maps);
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
