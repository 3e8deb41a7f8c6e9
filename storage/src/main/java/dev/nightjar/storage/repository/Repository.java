package dev.nightjar.storage.repository;

import dev.nightjar.storage.StorageErrorCode;
import dev.nightjar.storage.StorageException;
import dev.nightjar.storage.blob.BlobStore;
import dev.nightjar.storage.catalog.Catalog;
import dev.nightjar.storage.catalog.CatalogDatabase;
import dev.nightjar.storage.catalog.LeaseTable;
import dev.nightjar.storage.catalog.PackTotals;
import dev.nightjar.storage.catalog.RepositoryTable;
import dev.nightjar.storage.catalog.ScrubTable.Proofs;
import dev.nightjar.storage.chunk.ChunkHasher;
import dev.nightjar.storage.content.CatalogLocator;
import dev.nightjar.storage.content.ChunkContents;
import dev.nightjar.storage.content.ContentLimits;
import dev.nightjar.storage.content.PackFrames;
import dev.nightjar.storage.content.StoredNodes;
import dev.nightjar.storage.ingest.IngestResources;
import dev.nightjar.storage.ingest.IngestSession;
import dev.nightjar.storage.ingest.IngestWorkers;
import dev.nightjar.storage.ingest.RunLease;
import dev.nightjar.storage.key.Encryption;
import dev.nightjar.storage.key.KeptKey;
import dev.nightjar.storage.key.RepositoryConfig;
import dev.nightjar.storage.key.RepositoryIdentity;
import dev.nightjar.storage.key.Unlock;
import dev.nightjar.storage.lock.LockClock;
import dev.nightjar.storage.lock.Locking;
import dev.nightjar.storage.lock.PointLock;
import dev.nightjar.storage.lock.PointLocks;
import dev.nightjar.storage.lock.StoreKeeping;
import dev.nightjar.storage.map.MapReader;
import dev.nightjar.storage.map.MapRoot;
import dev.nightjar.storage.pack.Pace;
import dev.nightjar.storage.pack.PackReader;
import dev.nightjar.storage.pack.PackSurveyor;
import dev.nightjar.storage.point.PointRecord;
import dev.nightjar.storage.point.PointRecordCodec;
import dev.nightjar.storage.rebuild.CatalogRebuild;
import dev.nightjar.storage.rebuild.ProgressListener;
import dev.nightjar.storage.rebuild.RebuildReport;
import dev.nightjar.storage.reclaim.Reclaim;
import dev.nightjar.storage.reclaim.ReclaimLimits;
import dev.nightjar.storage.reclaim.ReclaimReport;
import dev.nightjar.storage.recover.RecoveryPointReader;
import dev.nightjar.storage.scrub.BlastRadius;
import dev.nightjar.storage.scrub.DamageReport;
import dev.nightjar.storage.scrub.Reach;
import dev.nightjar.storage.scrub.ScrubLimits;
import dev.nightjar.storage.scrub.ScrubListener;
import dev.nightjar.storage.scrub.ScrubReport;
import dev.nightjar.storage.seal.FrameOpener;
import dev.nightjar.storage.serve.ServeLimits;
import dev.nightjar.storage.serve.Serving;
import java.security.SecureRandom;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;

/**
 * A repository and its part of a catalog: the way in for everybody outside of the storage. Thread-safe; several processes may have
 * the same repository open with the same catalog.
 *
 * <p>All methods throw {@link StorageException}. The repository owns its worker threads; store and data source stay the caller's.
 */
public final class Repository implements AutoCloseable {

    private final RepositoryConfig config;
    private final BlobStore blobs;
    private final Catalog catalog;
    private final ChunkHasher hasher;
    private final CatalogLocator locator;
    private final PackFrames frames;
    private final ChunkContents contents;
    private final StoredNodes nodes;
    private final MapReader maps;
    private final PointProtection protection;
    private final PointLocks locks;
    private final PointRemoval removal;
    private final CatalogCheck check;
    private final Reclaim reclaim;
    private final RepositoryScrub scrub;
    private final @Nullable Unlocked unlocked;

    /** What takes the keys. */
    private record Unlocked(
            RepositoryIdentity identity, IngestResources ingest, Locking locking, CatalogRebuild rebuild) {}

    /**
     * @param identity with the keys; null for a repository that stays locked
     */
    private Repository(
            RepositoryConfig config,
            @Nullable RepositoryIdentity identity,
            BlobStore blobs,
            CatalogDatabase database,
            LockClock clock) {
        this.config = config;
        this.blobs = blobs;
        UUID id = config.repositoryId();
        catalog = new Catalog(database, id);
        hasher = identity == null ? ChunkHasher.withoutKey() : new ChunkHasher(identity.idKey());
        PackReader packs = new PackReader(blobs, id, new FrameOpener(identity == null ? null : identity.dataKey()));
        locator = new CatalogLocator(catalog);
        frames = identity == null
                ? PackFrames.ofWholePacks(locator, packs, ContentLimits.DEFAULT)
                : new PackFrames(locator, packs, ContentLimits.DEFAULT);
        contents = new ChunkContents(locator, frames, hasher, ContentLimits.DEFAULT);
        nodes = new StoredNodes(contents, ContentLimits.DEFAULT);
        maps = new MapReader(nodes, hasher);
        protection = new PointProtection(catalog);
        locks = new PointLocks(blobs, clock);
        removal = new PointRemoval(catalog, blobs, locks);
        check = new CatalogCheck(catalog, blobs);
        reclaim = new Reclaim(catalog, blobs, packs, maps, config);
        unlocked = identity == null ? null : unlocked(identity, packs);
        scrub = new RepositoryScrub(catalog, blobs, config, identity);
    }

    private Unlocked unlocked(RepositoryIdentity identity, PackReader packs) {
        PointRecordCodec codec = new PointRecordCodec(config.repositoryId(), identity.idKey(), identity.dataKey());
        IngestWorkers workers = new IngestWorkers(Runtime.getRuntime().availableProcessors(), identity.dataKey());
        Locking locking = new Locking(
                catalog, blobs, locks, config.repositoryId(), identity.idKey(), new StoreKeeping(catalog, blobs, maps));
        return new Unlocked(
                identity,
                new IngestResources(config, blobs, catalog, hasher, nodes, codec, workers),
                locking,
                new CatalogRebuild(
                        catalog,
                        blobs,
                        packs,
                        codec,
                        hasher,
                        locking,
                        new PackSurveyor(blobs, config.repositoryId(), Pace.UNLIMITED)));
    }

    /**
     * Makes a repository of an empty store and opens it.
     *
     * @throws StorageException REPOSITORY_EXISTS, CATALOG_UNAVAILABLE, or what the store says
     */
    public static Repository create(BlobStore blobs, RepositoryOptions options, DataSource database) {
        CatalogDatabase catalog = CatalogDatabase.open(database);
        RepositoryConfig config = new RepositoryConfig(
                RepositoryConfig.FORMAT_VERSION,
                UUID.randomUUID(),
                options.chunkSize(),
                options.packTargetBytes(),
                options.keys() == null ? Encryption.NONE : Encryption.AES_256_GCM);
        RepositoryIdentity identity = RepositoryIdentity.create(blobs, config, options.keys(), new SecureRandom());
        // Whether there was room is asked again, and told, when the first backup begins.
        blobs.reserve().keep();
        return ready(new Repository(config, identity, blobs, catalog, clockOf(blobs)));
    }

    /**
     * Takes back a repository that was created a moment ago and that nothing was written to; closes it.
     *
     * @throws StorageException what the store says; without its configuration it is no repository any more
     */
    public void discard() {
        close();
        blobs.reserve().giveUp();
        RepositoryIdentity.discard(blobs, config.repositoryId());
    }

    /**
     * Opens a repository, with whatever catalog: one that does not know it says so by {@link #catalogState}.
     *
     * @param unlock the passphrase or the recovery key, if it is encrypted
     * @throws StorageException REPOSITORY_NOT_FOUND, KEY_NOT_FOUND, REPOSITORY_LOCKED, PASSPHRASE_WRONG, CATALOG_UNAVAILABLE, or what the store says
     */
    public static Repository open(BlobStore blobs, Unlock unlock, DataSource database) {
        return open(blobs, unlock, database, clockOf(blobs));
    }

    static Repository open(BlobStore blobs, Unlock unlock, DataSource database, LockClock clock) {
        RepositoryIdentity identity = RepositoryIdentity.open(blobs, unlock);
        return ready(new Repository(identity.config(), identity, blobs, CatalogDatabase.open(database), clock));
    }

    private static LockClock clockOf(BlobStore blobs) {
        return new LockClock(blobs, InstantSource.system(), System::nanoTime);
    }

    /**
     * Opens a repository without its keys: what the catalog knows can be seen, points be deleted and space be reclaimed. Whatever reads or writes content says
     * REPOSITORY_LOCKED.
     *
     * @throws StorageException REPOSITORY_NOT_FOUND, CATALOG_UNAVAILABLE, or what the store says
     */
    public static Repository openLocked(BlobStore blobs, DataSource database) {
        RepositoryConfig config = RepositoryIdentity.config(blobs);
        return ready(new Repository(config, null, blobs, CatalogDatabase.open(database), clockOf(blobs)));
    }

    private static Repository ready(Repository repository) {
        try {
            repository.tidy();
            return repository;
        } catch (RuntimeException e) {
            repository.close();
            throw e;
        }
    }

    // A catalog from a dump takes for deleted or abandoned what has been completed since.
    private void tidy() {
        if (check.state() == CatalogState.MATCHES) {
            removal.finishAll();
            removal.removeAbandoned();
        }
    }

    /** The settings that it was created with. */
    public RepositoryConfig config() {
        return config;
    }

    /**
     * Makes sure that the keys are at hand.
     *
     * @throws StorageException REPOSITORY_LOCKED
     */
    public void requireUnlocked() {
        unlocked();
    }

    /**
     * Returns if the store still has the repository, so that a read that failed is about what was read.
     *
     * @throws StorageException REPOSITORY_NOT_FOUND, or what the store says
     */
    public void requireStored() {
        RepositoryIdentity.requireStored(blobs);
    }

    /** Whether it was opened without its keys. */
    public boolean locked() {
        return unlocked == null;
    }

    /**
     * The secrets, for whoever has to open the repository unattended; empty if it is not encrypted.
     *
     * @throws StorageException REPOSITORY_LOCKED
     */
    public Optional<KeptKey> keptKey() {
        return unlocked().identity.keptKey();
    }

    private Unlocked unlocked() {
        if (unlocked == null) {
            throw new StorageException(
                    StorageErrorCode.REPOSITORY_LOCKED,
                    "the repository in " + location() + " is locked",
                    "Unlock it with its passphrase or its recovery key.");
        }
        return unlocked;
    }

    /** Where it is, for people. */
    public String location() {
        return blobs.location();
    }

    /** Whether the catalog knows what the repository has. Costs one listing of the point records. */
    public CatalogState catalogState() {
        return check.state();
    }

    /** How much there is, by the catalog. */
    public RepositoryTotals totals() {
        PackTotals packs = catalog.database().read(catalog.packs()::totals);
        long points = catalog.database().read(catalog.points()::countComplete);
        return new RepositoryTotals(packs.packs(), packs.storedBytes(), packs.chunks(), points);
    }

    /**
     * Frees the space of chunks that no point needs; blocks. Backups, restores and exports may run meanwhile. What it condemns is deleted by a later one, after the
     * grace period.
     *
     * @throws StorageException CATALOG_NEEDS_REBUILD, CATALOG_UNAVAILABLE, DATA_DAMAGED if some point's map cannot be read, POINTS_LEFT_OUT if a rebuild left
     *     out a point; nothing that a point needs is gone then
     */
    public ReclaimReport reclaim(ReclaimLimits limits) {
        requireMatchingCatalog();
        requireNothingLeftOut();
        removal.finishAll();
        return reclaim.run(limits);
    }

    // Nobody knows what a record needs that a rebuild had to leave out: a pack that is brought back may make it whole.
    private void requireNothingLeftOut() {
        Set<UUID> leftOut = catalog.database().read(catalog.points()::leftOut).keySet();
        if (!leftOut.isEmpty()) {
            throw new StorageException(
                    StorageErrorCode.POINTS_LEFT_OUT,
                    "The last rebuild of the catalog had to leave out the recovery points " + leftOut
                            + ", and nobody knows what they need",
                    "Bring back what it found missing or damaged and rebuild the catalog again, copy these points once more from where they were copied from, or delete them. Until then no space is reclaimed.");
        }
    }

    /**
     * Locks a complete point: nobody can delete it before a date, whatever he opens the repository with. Where the store can keep blobs itself, it keeps all that the point needs; blocks for
     * that long. A lock can be extended; an earlier date than that of a lock that holds changes nothing.
     *
     * @return the lock that holds
     * @throws StorageException REPOSITORY_LOCKED, POINT_NOT_FOUND, INVALID_ARGUMENT if the date is over or more than a hundred years away, CATALOG_UNAVAILABLE, or what the store says
     */
    public PointLock lock(UUID pointId, Instant until) {
        return unlocked().locking.lock(pointId, until);
    }

    /**
     * Locks a complete point likewise, but leaves it to the next {@link #keepLocks} to have the store keep what the point needs, which takes a walk through its map.
     *
     * @return the lock that holds
     * @throws StorageException as {@link #lock}
     */
    public PointLock lockUnkept(UUID pointId, Instant until) {
        return unlocked().locking.lockUnkept(pointId, until);
    }

    /** Until when each point is locked, as far as that is not over; by the catalog. */
    public Map<UUID, Instant> locks() {
        Map<UUID, Instant> all = catalog.database().read(catalog.locks()::all);
        if (!all.isEmpty()) {
            Instant now = locks.now();
            all.values().removeIf(until -> !until.isAfter(now));
        }
        return all;
    }

    /**
     * Looks at the clock by which locks are judged, also without the keys. Whoever keeps a repository open calls this every few minutes: a clock that is set forward shortens locks by at most
     * four times as long as lies between two looks.
     *
     * @throws StorageException what the store says
     */
    public void lookAtClock() {
        locks.now();
    }

    /** Whether the store itself keeps what locked points need; if not, nobody but Nightjar keeps the lock. Asks the store. */
    public boolean storeKeepsLocks() {
        return blobs.retention().isKept();
    }

    /**
     * Tells the store to keep what it has not been told of yet, as after a crash or after a rebuild of the catalog.
     *
     * @throws StorageException REPOSITORY_LOCKED, CATALOG_UNAVAILABLE, DATA_DAMAGED if a point's map cannot be read, or what the store says
     */
    public void keepLocks() {
        unlocked().locking.keepAll();
    }

    /**
     * Reads what is stored and proves it, tells the catalog what is damaged, and mends at once what can be mended with what the repository itself has; blocks. Backups, restores and
     * exports may run meanwhile.
     *
     * @throws StorageException CATALOG_NEEDS_REBUILD, or what keeps store or catalog from being used: nothing is taken for damaged because of that. What was proven until then stays so
     */
    public ScrubReport scrub(ScrubLimits limits, ScrubListener listener) {
        return scrub.run(limits, listener);
    }

    /** When the packs were proven. */
    public Proofs proofs() {
        return catalog.database().read(connection -> catalog.scrubs().proofs(connection, null));
    }

    /** How many chunks and map nodes are known to be damaged; cheap. */
    public long damagedChunks() {
        return catalog.database().read(catalog.damage()::countChunks);
    }

    /**
     * What is known to be damaged, and which points that reaches. Costs a walk through the maps of all points if anything is damaged, and nothing else.
     *
     * @param mostRanges how many ranges are listed for each point; all are counted
     * @throws StorageException what keeps store or catalog from being used
     */
    public DamageReport damage(int mostRanges) {
        return scrub.damage(maps, mostRanges);
    }

    /** What is wrong with the record of a complete point; empty if nothing is known to be. */
    public Optional<String> damagedRecord(UUID pointId) {
        return Optional.ofNullable(
                catalog.database().read(catalog.damage()::records).get(pointId));
    }

    /**
     * What damage reaches of one point.
     *
     * @param mostRanges how many ranges are listed; all are counted
     */
    public Reach damageOf(PointRecord point, int mostRanges) {
        return new BlastRadius(catalog, maps, config.chunkSize()).of(point, mostRanges);
    }

    /**
     * Takes the lease and begins a run's ingest. The caller closes it.
     *
     * @throws StorageException REPOSITORY_LOCKED, CATALOG_NEEDS_REBUILD, LEASE_LOST, CATALOG_UNAVAILABLE, or REPOSITORY_FULL if the space for reclaiming cannot be set aside
     */
    public IngestSession beginIngest(RunLease lease) {
        IngestResources ingest = unlocked().ingest;
        requireMatchingCatalog();
        if (!blobs.reserve().keep()) {
            throw new StorageException(
                    StorageErrorCode.REPOSITORY_FULL,
                    "so little space is left in " + location() + " that none can be set aside for reclaiming",
                    "Delete recovery points and reclaim, or free space on that file system.");
        }
        return IngestSession.begin(ingest, lease);
    }

    private void requireMatchingCatalog() {
        if (catalogState() == CatalogState.NEEDS_REBUILD) {
            throw new StorageException(
                    StorageErrorCode.CATALOG_NEEDS_REBUILD,
                    "The catalog does not know what the repository in " + location() + " has",
                    "Rebuild the catalog; it costs reading the packs' directories.");
        }
    }

    /**
     * A reader of a complete point.
     *
     * @throws StorageException REPOSITORY_LOCKED, POINT_NOT_FOUND, CATALOG_UNAVAILABLE
     */
    public RecoveryPointReader reader(UUID pointId) {
        unlocked();
        return reader(point(pointId));
    }

    /**
     * A reader of content that is there although the catalog does not have it as a complete point: protected, or about to be committed.
     *
     * @throws StorageException REPOSITORY_LOCKED
     */
    public RecoveryPointReader reader(PointRecord point) {
        unlocked();
        return new RecoveryPointReader(point, config.chunkSize(), nodes, hasher, contents);
    }

    /**
     * What serves points at random, with memory of its own. The caller closes it before the repository.
     *
     * @throws StorageException REPOSITORY_LOCKED
     */
    public Serving serving(ServeLimits limits) {
        unlocked();
        return new Serving(config.chunkSize(), hasher, nodes, locator, frames, limits);
    }

    /**
     * Keeps a point's chunks from being reclaimed until {@link #unprotect}, even if the point is deleted meanwhile.
     *
     * @param holder who needs them, an id that no run has and that has protected nothing before
     * @return the point
     * @throws StorageException POINT_NOT_FOUND, CATALOG_NEEDS_REBUILD, CATALOG_UNAVAILABLE
     */
    public PointRecord protect(UUID holder, UUID pointId) {
        return protection.begin(holder, pointId);
    }

    /**
     * Protects chunks again, after a restart or after a rebuild of the catalog, which ends every protection.
     *
     * @param root the content, as it was when it was protected first
     * @throws StorageException LEASE_LOST if the holder gave it up, CATALOG_NEEDS_REBUILD, CATALOG_UNAVAILABLE
     */
    public void protectAgain(UUID holder, UUID pointId, MapRoot root) {
        protection.renew(holder, pointId, root);
    }

    /** Ends a protection; does nothing if there is none. */
    public void unprotect(UUID holder) {
        catalog.database().transact(connection -> catalog.leases().fence(connection, holder));
    }

    /** The leases of runs and protections that have not ended, and since when there are. */
    public Map<UUID, Instant> activeLeases() {
        return catalog.database().read(catalog.leases()::active);
    }

    /** The repositories that its catalog's database knows, itself among them. */
    public Set<UUID> repositoriesOfCatalog() {
        return catalog.database().read(RepositoryTable::all);
    }

    /**
     * Shuts out a run that is taken for dead, as {@link DeadRun#bar} does, and removes the points that it left incomplete, unless the catalog has to be rebuilt.
     *
     * @throws StorageException CATALOG_UNAVAILABLE, or what the store says; points that are left then go when the repository is opened next
     */
    public void endRun(UUID runId) {
        catalog.database().transact(connection -> LeaseTable.bar(connection, runId));
        tidy();
    }

    /**
     * The facts of a complete point.
     *
     * @throws StorageException POINT_NOT_FOUND, CATALOG_UNAVAILABLE
     */
    public PointRecord point(UUID pointId) {
        return catalog.database()
                .read(connection -> catalog.points().find(connection, pointId))
                .orElseThrow(() -> new StorageException(
                        StorageErrorCode.POINT_NOT_FOUND,
                        "There is no recovery point " + pointId,
                        "It may have been deleted; look at the list of points."));
    }

    /** Every complete point, oldest first. */
    public List<PointRecord> points() {
        return catalog.database().read(catalog.points()::list);
    }

    /**
     * Deletes a point; once this returns it does not come back, not even by a rebuild. The space of its chunks is reclaimed later.
     * A record that a rebuild left out can be deleted as well. If this throws anything but POINT_NOT_FOUND, the point may be gone from the list already; deleting it again finishes it.
     *
     * @throws StorageException POINT_NOT_FOUND, POINT_LOCKED, CATALOG_UNAVAILABLE, or what the store says
     */
    public void deletePoint(UUID pointId) {
        removal.delete(pointId);
    }

    /**
     * Makes the catalog anew from the packs and the point records, whatever it was before, and however empty its database is. Runs in
     * progress lose their leases; readers see the old catalog until the new one is there. If this throws, nothing has changed.
     *
     * @throws StorageException REPOSITORY_LOCKED, CATALOG_UNAVAILABLE, or what the store says
     */
    public RebuildReport rebuild(ProgressListener listener) {
        return unlocked().rebuild.run(listener);
    }

    /** Ends the worker threads. Runs in progress must have been closed. */
    @Override
    public void close() {
        if (unlocked != null) {
            unlocked.ingest.workers().close();
        }
    }
}
