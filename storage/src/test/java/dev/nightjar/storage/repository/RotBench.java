package dev.nightjar.storage.repository;

import static org.assertj.core.api.Assertions.assertThat;

import dev.nightjar.storage.StorageErrorCode;
import dev.nightjar.storage.StorageException;
import dev.nightjar.storage.blob.BlobInfo;
import dev.nightjar.storage.blob.MemoryBlobStore;
import dev.nightjar.storage.catalog.Catalog;
import dev.nightjar.storage.catalog.CatalogDatabase;
import dev.nightjar.storage.catalog.CatalogServer;
import dev.nightjar.storage.catalog.ChunkKey;
import dev.nightjar.storage.catalog.ChunkLocation;
import dev.nightjar.storage.chunk.ChunkSize;
import dev.nightjar.storage.content.CatalogLocator;
import dev.nightjar.storage.content.ChunkLocator;
import dev.nightjar.storage.key.NewKeys;
import dev.nightjar.storage.key.RecoveryKey;
import dev.nightjar.storage.key.RepositoryIdentity;
import dev.nightjar.storage.key.Unlock;
import dev.nightjar.storage.pack.PackId;
import dev.nightjar.storage.point.PointRecord;
import dev.nightjar.storage.point.PointRecordCodec;
import dev.nightjar.storage.recover.RecoveryPointReader;
import dev.nightjar.storage.recover.RegionSink;
import dev.nightjar.storage.scrub.RecordScrub;
import dev.nightjar.storage.scrub.Scrub;
import dev.nightjar.storage.scrub.ScrubLimits;
import dev.nightjar.storage.scrub.ScrubListener;
import dev.nightjar.storage.serve.DiskPiece;
import dev.nightjar.storage.serve.PointContent;
import dev.nightjar.storage.serve.ServeLimits;
import dev.nightjar.storage.serve.Serving;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.security.SecureRandom;
import java.util.Arrays;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Supplier;
import java.util.stream.Stream;
import javax.sql.DataSource;

/** A repository whose blobs are damaged one after the other, and everything that reads points: none of it may give out a wrong byte. */
final class RotBench implements AutoCloseable {

    static final Unlock.Passphrase PASSPHRASE = new Unlock.Passphrase("correct horse battery staple");

    /** What says that something is not as it was written. */
    static final Set<StorageErrorCode> FOUND = Set.of(
            StorageErrorCode.DATA_DAMAGED,
            StorageErrorCode.FORMAT_UNSUPPORTED,
            StorageErrorCode.BLOB_NOT_FOUND,
            StorageErrorCode.CATALOG_NEEDS_REBUILD);

    private static final int DISK_BYTES = 700_000;
    private static final byte UNTOUCHED = 0x33;

    final MemoryBlobStore blobs = new MemoryBlobStore();
    final Unlock unlock;
    final Repository repository;
    final DataSource database = CatalogServer.freshDatabase();
    private final RepositoryIdentity identity;
    private final Catalog catalog;
    private final FreshReader fresh;
    private final Map<PointRecord, byte[]> points = new LinkedHashMap<>();

    RotBench(boolean encrypted, Random random) {
        unlock = encrypted ? PASSPHRASE : new Unlock.Nothing();
        NewKeys keys = encrypted ? new NewKeys(PASSPHRASE.text(), RecoveryKey.generate(new SecureRandom())) : null;
        repository = Repository.create(
                blobs, new RepositoryOptions(new ChunkSize(Workbench.CHUNK), 128 * 1024, keys), database);
        DiskModel disk = new DiskModel(DISK_BYTES, Workbench.CHUNK);
        disk.scribble(random, 150);
        PointRecord full = Workbench.capture(repository, disk, null);
        points.put(full, disk.bytes.clone());
        disk.scribble(random, 20);
        points.put(Workbench.capture(repository, disk, full.id()), disk.bytes.clone());
        identity = RepositoryIdentity.open(blobs, unlock);
        catalog = new Catalog(CatalogDatabase.open(database), identity.config().repositoryId());
        fresh = new FreshReader(blobs, new Remembering(new CatalogLocator(catalog)), identity);
        assertThat(isFound("nothing", true)).as("undamaged").isFalse();
    }

    /** Names that begin so. */
    List<String> names(String prefix) {
        try (Stream<BlobInfo> found = blobs.list(prefix)) {
            return found.map(BlobInfo::name).sorted().toList();
        }
    }

    /** How many packs are not what they were written as, by a scrub of everything that mends nothing. */
    long packsThatAScrubFindsDamaged() {
        return new Scrub(catalog, blobs, identity.config().repositoryId())
                .run(ScrubLimits.everything(), ScrubListener.NONE)
                .damaged();
    }

    /** How many records of points are not what they were written as, by a scrub. */
    long recordsThatAScrubFindsDamaged(PointRecordCodec codec) {
        new RecordScrub(catalog, blobs, codec).run();
        return catalog.database().read(catalog.damage()::records).size();
    }

    /** Reads all points in every way; whether any of them failed as it should. A wrong byte or another failure is thrown. */
    boolean isFound(String what, boolean everyWay) {
        boolean restore = false;
        boolean download = false;
        boolean serving = false;
        boolean piecemeal = false;
        for (Map.Entry<PointRecord, byte[]> point : points.entrySet()) {
            restore |= fails(what, () -> restored(point.getKey(), point.getValue()));
            if (everyWay) {
                download |= fails(what, () -> downloaded(point.getKey()).equals(ByteBuffer.wrap(point.getValue())));
                serving |= fails(what, () -> served(point.getKey()).equals(ByteBuffer.wrap(point.getValue())));
                piecemeal |= failsInPieces(what, point.getKey(), point.getValue());
            }
        }
        if (everyWay) {
            assertThat(List.of(download, serving, piecemeal)).as(what).containsOnly(restore);
        }
        return restore;
    }

    @Override
    public void close() {
        repository.close();
    }

    private static boolean fails(String what, Supplier<Boolean> reading) {
        try {
            assertThat(reading.get()).as("right bytes with " + what).isTrue();
            return false;
        } catch (StorageException e) {
            assertThat(e.code()).as(what + ": " + e.getMessage()).isIn(FOUND);
            return true;
        }
    }

    /** Whether what was given out is right, also if the reading fails in the end. */
    private boolean restored(PointRecord point, byte[] right) {
        byte[] given = new byte[right.length];
        Arrays.fill(given, UNTOUCHED);
        int[] reached = {0};
        RegionSink sink = new RegionSink() {
            @Override
            public void data(long offset, ByteBuffer content) {
                reached[0] = (int) offset + content.remaining();
                content.get(given, (int) offset, content.remaining());
            }

            @Override
            public void zero(long offset, long length) {
                reached[0] = (int) (offset + length);
                Arrays.fill(given, (int) offset, (int) (offset + length), (byte) 0);
            }
        };
        RecoveryPointReader reader = fresh.of(point);
        try {
            reader.regions(0, reader.size(), sink);
        } catch (IOException e) {
            throw new AssertionError(e);
        } catch (StorageException e) {
            assertThat(Arrays.mismatch(given, 0, reached[0], right, 0, reached[0]))
                    .as("a wrong byte was given out")
                    .isEqualTo(-1);
            throw e;
        }
        return Arrays.equals(given, right);
    }

    /** A chunk at a time, so that what is refused keeps nothing else from being given out. */
    private boolean failsInPieces(String what, PointRecord point, byte[] right) {
        RecoveryPointReader reader = fresh.of(point);
        boolean fails = false;
        for (int at = 0; at < right.length; at += Workbench.CHUNK) {
            int from = at;
            ByteBuffer piece = ByteBuffer.allocate(Math.min(Workbench.CHUNK, right.length - from));
            fails |= fails(what, () -> {
                reader.read(from, piece);
                return piece.flip().equals(ByteBuffer.wrap(right, from, piece.remaining()));
            });
        }
        return fails;
    }

    private ByteBuffer downloaded(PointRecord point) {
        RecoveryPointReader reader = fresh.of(point);
        ByteBuffer all = ByteBuffer.allocate((int) reader.size());
        reader.read(0, all);
        return all.flip();
    }

    private ByteBuffer served(PointRecord point) {
        ByteBuffer all = ByteBuffer.allocate((int) point.sizeBytes());
        try (Serving serving = fresh.serving(ServeLimits.DEFAULT)) {
            for (DiskPiece piece : serving.open(PointContent.of(point)).read(0, all.capacity())) {
                switch (piece) {
                    case DiskPiece.Data data -> {
                        all.put(data.bytes());
                        data.release();
                    }
                    case DiskPiece.Zeros zeros -> all.position(all.position() + (int) zeros.length());
                }
            }
        }
        return all.flip();
    }

    /** Asks the catalog once for everything: it is the packs that are damaged here. */
    private static final class Remembering implements ChunkLocator {

        private final ChunkLocator catalog;
        private final Map<ChunkKey, ChunkLocation> chunks = new ConcurrentHashMap<>();
        private final Map<Integer, Optional<PackId>> packs = new ConcurrentHashMap<>();

        Remembering(ChunkLocator catalog) {
            this.catalog = catalog;
        }

        @Override
        public Map<ChunkKey, ChunkLocation> locate(Collection<ChunkKey> keys) {
            List<ChunkKey> unknown =
                    keys.stream().filter(key -> !chunks.containsKey(key)).toList();
            if (!unknown.isEmpty()) {
                chunks.putAll(catalog.locate(unknown));
            }
            Map<ChunkKey, ChunkLocation> found = new HashMap<>();
            keys.forEach(key -> found.put(key, chunks.get(key)));
            return found;
        }

        @Override
        public Optional<PackId> pack(int number) {
            return packs.computeIfAbsent(number, catalog::pack);
        }
    }
}
