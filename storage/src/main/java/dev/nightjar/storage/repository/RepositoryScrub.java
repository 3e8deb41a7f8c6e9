package dev.nightjar.storage.repository;

import dev.nightjar.storage.StorageErrorCode;
import dev.nightjar.storage.StorageException;
import dev.nightjar.storage.blob.BlobStore;
import dev.nightjar.storage.catalog.Catalog;
import dev.nightjar.storage.chunk.ChunkHasher;
import dev.nightjar.storage.heal.FrameVerifier;
import dev.nightjar.storage.heal.Mending;
import dev.nightjar.storage.heal.RecordMending;
import dev.nightjar.storage.heal.RewrittenPacks;
import dev.nightjar.storage.key.RepositoryConfig;
import dev.nightjar.storage.key.RepositoryIdentity;
import dev.nightjar.storage.map.MapReader;
import dev.nightjar.storage.point.PointRecord;
import dev.nightjar.storage.point.PointRecordCodec;
import dev.nightjar.storage.reclaim.ReclaimEpoch;
import dev.nightjar.storage.scrub.BlastRadius;
import dev.nightjar.storage.scrub.DamageReport;
import dev.nightjar.storage.scrub.DamagedPoint;
import dev.nightjar.storage.scrub.Reach;
import dev.nightjar.storage.scrub.RecordScrub;
import dev.nightjar.storage.scrub.Scrub;
import dev.nightjar.storage.scrub.ScrubLimits;
import dev.nightjar.storage.scrub.ScrubListener;
import dev.nightjar.storage.scrub.ScrubReport;
import dev.nightjar.storage.scrub.Throttle;
import dev.nightjar.storage.seal.FrameOpener;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** Proves what is stored, mends what can be mended, and tells what is left. Thread-safe. */
final class RepositoryScrub {

    private final Catalog catalog;
    private final BlobStore blobs;
    private final RepositoryConfig config;
    private final @Nullable PointRecordCodec codec;
    private final @Nullable FrameVerifier verifier;

    /**
     * Of one repository.
     *
     * @param identity with the keys; null while it is locked
     */
    RepositoryScrub(Catalog catalog, BlobStore blobs, RepositoryConfig config, @Nullable RepositoryIdentity identity) {
        this.catalog = catalog;
        this.blobs = blobs;
        this.config = config;
        if (identity == null) {
            codec = null;
            verifier = null;
        } else {
            codec = new PointRecordCodec(config.repositoryId(), identity.idKey(), identity.dataKey());
            verifier = new FrameVerifier(new FrameOpener(identity.dataKey()), new ChunkHasher(identity.idKey()));
        }
    }

    ScrubReport run(ScrubLimits limits, ScrubListener listener) {
        requireFreshCatalog();
        Scrub.Found found = new Scrub(catalog, blobs, config.repositoryId()).run(limits, listener);
        new RecordScrub(catalog, blobs, codec).run();
        RewrittenPacks rewritten = new RewrittenPacks(catalog, blobs, config);
        long healed = new Mending(catalog, blobs, rewritten, verifier).run(Throttle.of(limits.bytesPerSecond()));
        long records = codec == null
                ? catalog.database().read(catalog.damage()::records).size()
                : new RecordMending(catalog, blobs, codec).run();
        return new ScrubReport(
                found.proven(),
                found.bytes(),
                found.damaged(),
                records,
                healed,
                catalog.database().read(catalog.damage()::countChunks));
    }

    DamageReport damage(MapReader maps, int mostRanges) {
        BlastRadius radius = new BlastRadius(catalog, maps, config.chunkSize());
        Map<UUID, String> records = catalog.database().read(catalog.damage()::records);
        List<DamagedPoint> points = new ArrayList<>();
        for (PointRecord point : catalog.database().read(catalog.points()::list)) {
            Reach reach = radius.of(point, mostRanges);
            String record = records.get(point.id());
            if (!reach.isEmpty() || record != null) {
                points.add(new DamagedPoint(point, reach, record));
            }
        }
        return new DamageReport(
                catalog.database().read(catalog.damage()::packs),
                catalog.database().read(catalog.damage()::countChunks),
                points);
    }

    /** A catalog from an older dump believes in packs that were reclaimed since. */
    private void requireFreshCatalog() {
        boolean known =
                catalog.database().read(catalog.repositories()::generation).isPresent();
        if (!known || new ReclaimEpoch(catalog, blobs).isCatalogStale()) {
            throw new StorageException(
                    StorageErrorCode.CATALOG_NEEDS_REBUILD,
                    "The catalog does not know what the repository in " + blobs.location() + " has",
                    "Rebuild the catalog; it costs reading the packs' directories.");
        }
    }
}
