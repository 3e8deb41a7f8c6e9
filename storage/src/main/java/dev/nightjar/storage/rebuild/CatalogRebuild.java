package dev.nightjar.storage.rebuild;

import dev.nightjar.storage.StorageErrorCode;
import dev.nightjar.storage.StorageException;
import dev.nightjar.storage.blob.BlobInfo;
import dev.nightjar.storage.blob.BlobStore;
import dev.nightjar.storage.catalog.Catalog;
import dev.nightjar.storage.catalog.PackTotals;
import dev.nightjar.storage.catalog.PointState;
import dev.nightjar.storage.chunk.ChunkHasher;
import dev.nightjar.storage.content.ChunkContents;
import dev.nightjar.storage.content.ContentLimits;
import dev.nightjar.storage.content.PackFrames;
import dev.nightjar.storage.content.StoredNodes;
import dev.nightjar.storage.key.RepositoryIdentity;
import dev.nightjar.storage.lock.Locking;
import dev.nightjar.storage.pack.PackId;
import dev.nightjar.storage.pack.PackReader;
import dev.nightjar.storage.pack.PackSurveyor;
import dev.nightjar.storage.pack.StoredPack;
import dev.nightjar.storage.point.PointName;
import dev.nightjar.storage.point.PointRecord;
import dev.nightjar.storage.point.PointRecordCodec;
import dev.nightjar.storage.rebuild.RebuildProgress.Phase;
import dev.nightjar.storage.reclaim.ReclaimEpoch;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Makes a repository's part of the catalog anew, in one transaction: until it ends, everybody sees the old one, and if it fails
 * nothing has changed. Thread-safe; rebuilds wait for each other.
 *
 * <p>Runs in progress lose their leases: what they store from then on is not in the catalog, and they cannot commit. A point counts
 * if its record is as it was written and its map is whole. Packs are believed by the checksums of header, directory and trailer;
 * their frames are checked when they are read, or at once if something in them stands in another pack as well.
 */
public final class CatalogRebuild {

    private static final Logger LOG = LoggerFactory.getLogger(CatalogRebuild.class);

    private final Catalog catalog;
    private final BlobStore blobs;
    private final PackReader packs;
    private final PointRecordCodec codec;
    private final ChunkHasher hasher;
    private final Locking locking;
    private final PackSurveyor surveyor;

    /** A rebuild of one repository's catalog. */
    public CatalogRebuild(
            Catalog catalog,
            BlobStore blobs,
            PackReader packs,
            PointRecordCodec codec,
            ChunkHasher hasher,
            Locking locking,
            PackSurveyor surveyor) {
        this.catalog = catalog;
        this.blobs = blobs;
        this.packs = packs;
        this.codec = codec;
        this.hasher = hasher;
        this.locking = locking;
        this.surveyor = surveyor;
    }

    /**
     * Rebuilds.
     *
     * @throws StorageException CATALOG_UNAVAILABLE, REPOSITORY_NOT_FOUND, or what the store says when it cannot be read; packs and
     *     records that are damaged, or that the device does not give, are no reason to throw but are left out
     */
    public RebuildReport run(ProgressListener listener) {
        return catalog.database().inTransaction(connection -> {
            // Listing a large bucket, and reading all its records, may take hours.
            catalog.repositories().mayRest(connection);
            // A directory that is not mounted has no blobs, and no error either.
            RepositoryIdentity.requireStored(blobs);
            List<UUID> leaving = empty(connection);
            leaving.stream()
                    .filter(point -> locking.of(point).isEmpty())
                    .forEach(point -> blobs.delete(PointName.of(point)));
            List<LeftOut> leftOutPacks = recordPacks(connection, listener);
            List<LeftOut> leftOutPoints = recordPoints(connection, listener);
            RepositoryIdentity.requireStored(blobs);
            locking.rebuild(connection);
            PackTotals totals = catalog.packs().totals(connection);
            return new RebuildReport(
                    totals.packs(),
                    totals.storedBytes(),
                    totals.chunks(),
                    catalog.points().countComplete(connection),
                    leftOutPacks,
                    leftOutPoints);
        });
    }

    /** Removes every row and returns the points whose deletion had begun. */
    private List<UUID> empty(Connection connection) throws SQLException {
        catalog.repositories().register(connection);
        catalog.repositories().raiseGeneration(connection);
        long epoch = new ReclaimEpoch(catalog, blobs).stored();
        boolean stale = catalog.repositories().reclaimEpoch(connection) < epoch;
        catalog.repositories().setReclaimEpoch(connection, epoch);
        catalog.leases().fenceAll(connection);
        // What a catalog from a dump says is being deleted may have been brought back by a copy since.
        List<UUID> leaving = catalog.points().states(connection).entrySet().stream()
                .filter(row -> !stale && row.getValue() == PointState.DELETING)
                .map(Map.Entry::getKey)
                .toList();
        catalog.points().clear(connection);
        catalog.chunks().clear(connection);
        catalog.packs().clear(connection);
        return leaving;
    }

    private List<LeftOut> recordPacks(Connection connection, ProgressListener listener) throws SQLException {
        List<String> names = names(PackId.PREFIX);
        List<LeftOut> leftOut = new ArrayList<>();
        RecordedPacks recorded = new RecordedPacks(catalog, connection, surveyor);
        long done = 0;
        for (String name : names) {
            Optional<PackId> id = PackId.ofBlobName(name);
            if (id.isEmpty()) {
                leftOut.add(new LeftOut(name, StorageErrorCode.BLOB_NAME_INVALID, "Its name is not that of a pack"));
            } else {
                Optional<StoredPack> pack = directory(id.get(), leftOut);
                if (pack.isPresent()) {
                    recorded.add(pack.get());
                }
            }
            listener.progress(new RebuildProgress(Phase.PACKS, ++done, names.size()));
        }
        requireSomeReadable(names.size(), leftOut);
        catalog.chunks().analyze(connection);
        return leftOut;
    }

    // A device that is gone may still have the configuration in memory.
    private void requireSomeReadable(int packs, List<LeftOut> leftOut) {
        if (leftOut.size() < packs) {
            return;
        }
        leftOut.stream()
                .filter(pack -> pack.code() == StorageErrorCode.REPOSITORY_IO_ERROR)
                .findFirst()
                .ifPresent(pack -> {
                    throw new StorageException(
                            StorageErrorCode.REPOSITORY_IO_ERROR,
                            "no pack in " + blobs.location() + " can be read: " + pack.reason(),
                            "Look into the kernel's log for errors of this device or file system.");
                });
    }

    private Optional<StoredPack> directory(PackId pack, List<LeftOut> leftOut) {
        try {
            return Optional.of(twice(() -> packs.directory(pack)));
        } catch (StorageException e) {
            leftOut.add(leftOut(pack.blobName(), e));
            return Optional.empty();
        }
    }

    private List<LeftOut> recordPoints(Connection connection, ProgressListener listener) throws SQLException {
        List<LeftOut> leftOut = new ArrayList<>();
        List<PointRecord> points = new ArrayList<>();
        for (String name : names(PointName.PREFIX)) {
            try {
                points.add(twice(() -> read(name)));
            } catch (StorageException e) {
                leaveOut(connection, name, e, leftOut);
            }
        }
        // Neighbours in a disk's history differ in little, and only what differs is looked at.
        points.sort(Comparator.comparing(PointRecord::machineId)
                .thenComparing(PointRecord::diskName)
                .thenComparing(PointRecord::instant)
                .thenComparing(PointRecord::id));
        TransactionLocator locator = new TransactionLocator(catalog, connection);
        PackFrames frames = new PackFrames(locator, packs, ContentLimits.DEFAULT);
        ChunkContents contents = new ChunkContents(locator, frames, hasher, ContentLimits.DEFAULT);
        WholeMaps maps = new WholeMaps(locator, new StoredNodes(contents, ContentLimits.DEFAULT), hasher);
        long done = 0;
        for (PointRecord point : points) {
            try {
                twice(() -> {
                    maps.require(point.root());
                    return point;
                });
                catalog.points().insert(connection, point, PointState.COMPLETE);
            } catch (StorageException e) {
                leaveOut(connection, PointName.of(point.id()), e, leftOut);
            }
            listener.progress(new RebuildProgress(Phase.POINTS, ++done, points.size()));
        }
        return leftOut;
    }

    /** What a device gives at the second attempt is not left out. */
    private static <T> T twice(Supplier<T> read) {
        try {
            return read.get();
        } catch (StorageException e) {
            if (e.code() != StorageErrorCode.REPOSITORY_IO_ERROR) {
                throw e;
            }
            LOG.warn("reading once more what could not be read: {}", e.getMessage());
            return read.get();
        }
    }

    private PointRecord read(String name) {
        long bytes = blobs.size(name);
        if (bytes > PointRecordCodec.MAX_BYTES) {
            throw damaged(name + " has " + bytes + " bytes");
        }
        PointRecord point = codec.decode(blobs.read(name, 0, (int) bytes));
        if (!PointName.of(point.id()).equals(name)) {
            throw damaged(name + " is the record of point " + point.id());
        }
        return point;
    }

    private void leaveOut(Connection connection, String name, StorageException e, List<LeftOut> leftOut)
            throws SQLException {
        LeftOut reason = leftOut(name, e);
        leftOut.add(reason);
        Optional<UUID> point = PointName.parse(name);
        if (point.isPresent()) {
            catalog.points().leaveOut(connection, point.get(), reason.reason());
        }
    }

    /** What is wrong with one pack or point is reported; what is wrong with the store or the catalog ends the rebuild. */
    private LeftOut leftOut(String name, StorageException e) {
        if (e.code().isOfOneBlob()) {
            RepositoryIdentity.requireStored(blobs);
        } else if (e.code() != StorageErrorCode.FORMAT_UNSUPPORTED && e.code() != StorageErrorCode.CHUNK_NOT_FOUND) {
            throw e;
        }
        return new LeftOut(name, e.code(), String.valueOf(e.getMessage()));
    }

    private List<String> names(String prefix) {
        try (Stream<BlobInfo> found = blobs.list(prefix)) {
            return found.map(BlobInfo::name).sorted().toList();
        }
    }

    private static StorageException damaged(String message) {
        return new StorageException(
                StorageErrorCode.DATA_DAMAGED, message, "Take the record from a copy of the repository, or delete it.");
    }
}
