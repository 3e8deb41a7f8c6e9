package dev.nightjar.bench;

import dev.nightjar.storage.blob.BlobStore;
import dev.nightjar.storage.blob.DirectoryBlobStore;
import dev.nightjar.storage.catalog.Catalog;
import dev.nightjar.storage.catalog.CatalogDatabase;
import dev.nightjar.storage.catalog.PointState;
import dev.nightjar.storage.chunk.ChunkHasher;
import dev.nightjar.storage.chunk.ChunkKind;
import dev.nightjar.storage.content.CatalogLocator;
import dev.nightjar.storage.content.ChunkContents;
import dev.nightjar.storage.content.ContentLimits;
import dev.nightjar.storage.content.PackFrames;
import dev.nightjar.storage.content.StoredNodes;
import dev.nightjar.storage.key.RepositoryIdentity;
import dev.nightjar.storage.key.Unlock;
import dev.nightjar.storage.map.MapDiff;
import dev.nightjar.storage.map.MapReader;
import dev.nightjar.storage.map.MapRoot;
import dev.nightjar.storage.map.MapWriter;
import dev.nightjar.storage.pack.PackId;
import dev.nightjar.storage.pack.PackReader;
import dev.nightjar.storage.point.CaptureMode;
import dev.nightjar.storage.point.DamagedRanges;
import dev.nightjar.storage.point.PointName;
import dev.nightjar.storage.point.PointRecord;
import dev.nightjar.storage.point.PointRecordCodec;
import dev.nightjar.storage.point.PointTotals;
import dev.nightjar.storage.seal.FrameOpener;
import java.nio.ByteBuffer;
import java.time.Instant;
import java.util.Random;
import java.util.UUID;

/**
 * Fills a repository with points of a large disk whose chunks are made up: maps, records, and rows of packs and chunks are as they would be, only what the chunks hold was never there.
 * Used by one thread.
 */
final class MadeUpRepository {

    private static final long CHUNK = 64 << 10;
    private static final int RUN = 3344;
    private static final int PACK_CHUNKS = 800;
    private static final long PACK_BYTES = 32 << 20;

    private final Catalog catalog;
    private final BlobStore blobs;
    private final RepositoryIdentity identity;
    private final ChunkHasher hasher;
    private final PackReader packs;
    private final Random random = new Random(1);
    private long chunks;
    private int firstPack;

    MadeUpRepository(OurRepository ours) {
        blobs = DirectoryBlobStore.open(ours.directory());
        identity = RepositoryIdentity.open(blobs, new Unlock.Nothing());
        catalog = new Catalog(
                CatalogDatabase.open(ours.database().source()),
                identity.config().repositoryId());
        hasher = new ChunkHasher(identity.idKey());
        packs = new PackReader(blobs, identity.config().repositoryId(), new FrameOpener());
    }

    Catalog catalog() {
        return catalog;
    }

    /** How many chunks it has, map nodes left out. */
    long chunks() {
        return chunks;
    }

    /** The first point of a disk on which nothing is zero. */
    PointRecord whole(long diskBytes) {
        long count = diskBytes / CHUNK;
        try (NodePacks nodes = new NodePacks(catalog, blobs, identity.config().repositoryId(), nodes())) {
            MapWriter map = new MapWriter(nodes, hasher, MapRoot.zero(count), count);
            for (long number = 0; number < count; number++) {
                map.set(number, MadeUpChunks.id(chunks++));
            }
            MapRoot root = map.finish();
            nodes.finish();
            return complete(diskBytes, root);
        }
    }

    /** A later one, in which so many runs of 3344 chunks are new. */
    PointRecord later(PointRecord before, int runs) {
        long count = before.root().chunkCount();
        long[] starts =
                random.longs(0, count / RUN).distinct().limit(runs).sorted().toArray();
        try (NodePacks nodes = new NodePacks(catalog, blobs, identity.config().repositoryId(), nodes())) {
            MapWriter map = new MapWriter(nodes, hasher, before.root(), count);
            for (long start : starts) {
                for (int i = 0; i < RUN; i++) {
                    map.set(start * RUN + i, MadeUpChunks.id(chunks++));
                }
            }
            MapRoot root = map.finish();
            nodes.finish();
            return complete(before.sizeBytes(), root);
        }
    }

    /** Puts the rows of all packs and chunks in. */
    void load() {
        catalog.database().transact(connection -> {
            for (long first = 0; first < chunks; first += PACK_CHUNKS) {
                byte[] name = new byte[PackId.BYTES];
                random.nextBytes(name);
                int number = catalog.packs()
                        .record(connection, PackId.of(name), ChunkKind.DATA, PACK_BYTES, PACK_CHUNKS, null);
                if (first == 0) {
                    firstPack = number;
                }
            }
        });
        MadeUpChunks.load(catalog.database(), chunks, PACK_CHUNKS, firstPack);
    }

    /** How many chunks differ, found with nothing in memory. */
    long compare(PointRecord before, PointRecord after) {
        long[] differences = {0};
        new MapDiff(nodes(), hasher).diff(before.root(), after.root(), (_, _, _) -> differences[0]++);
        return differences[0];
    }

    /** Looks for one chunk, with nothing in memory. */
    void open(PointRecord point) {
        MapReader maps = new MapReader(nodes(), hasher);
        if (maps.get(point.root(), random.nextLong(point.root().chunkCount())) == null) {
            throw new IllegalStateException("a chunk that was made up is missing");
        }
    }

    private StoredNodes nodes() {
        CatalogLocator locator = new CatalogLocator(catalog);
        PackFrames frames = new PackFrames(locator, packs, ContentLimits.DEFAULT);
        return new StoredNodes(
                new ChunkContents(locator, frames, hasher, ContentLimits.DEFAULT), ContentLimits.DEFAULT);
    }

    private PointRecord complete(long size, MapRoot root) {
        UUID id = UUID.randomUUID();
        PointRecord point = new PointRecord(
                id,
                id,
                id,
                id,
                "machine",
                "vda",
                Instant.now(),
                size,
                root,
                "CRASH",
                CaptureMode.FULL,
                null,
                null,
                new PointTotals(0, 0, 0, 0, 0),
                DamagedRanges.NONE,
                null);
        ByteBuffer record =
                new PointRecordCodec(identity.config().repositoryId(), identity.idKey(), null).encode(point);
        blobs.putIfAbsent(PointName.of(id), record);
        catalog.database().transact(connection -> catalog.points().insert(connection, point, PointState.COMPLETE));
        return point;
    }
}
