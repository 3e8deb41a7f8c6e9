package dev.nightjar.storage.heal;

import dev.nightjar.storage.StorageException;
import dev.nightjar.storage.blob.BlobStore;
import dev.nightjar.storage.catalog.Catalog;
import dev.nightjar.storage.key.RepositoryIdentity;
import dev.nightjar.storage.pack.PackTrash;
import dev.nightjar.storage.point.PointName;
import dev.nightjar.storage.point.PointRecord;
import dev.nightjar.storage.point.PointRecordCodec;
import java.nio.ByteBuffer;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Writes damaged and missing records of points anew, from what the catalog knows. Thread-safe.
 *
 * <p>The damaged one goes to the trash first. A crash in between leaves none, and the next mending writes the new one. The caller makes sure that the catalog is not from a dump that is older than the
 * last deletion: such a catalog believes in points that were deleted since.
 */
public final class RecordMending {

    private static final Logger LOG = LoggerFactory.getLogger(RecordMending.class);

    private final Catalog catalog;
    private final BlobStore blobs;
    private final PointRecordCodec codec;

    /** Mends the records of one repository. */
    public RecordMending(Catalog catalog, BlobStore blobs, PointRecordCodec codec) {
        this.catalog = catalog;
        this.blobs = blobs;
        this.codec = codec;
    }

    /** Mends what can be mended; returns how many records are still damaged. */
    public long run() {
        Map<UUID, String> damaged = new HashMap<>(catalog.database().read(catalog.damage()::records));
        if (damaged.isEmpty()) {
            return 0;
        }
        // Where nothing is mounted, a record would be written below the mount.
        RepositoryIdentity.requireStored(blobs);
        catalog.database().transact(connection -> {
            catalog.repositories().mayRest(connection);
            // No rebuild and no deletion comes between.
            catalog.repositories().holdGeneration(connection);
            for (UUID id : Map.copyOf(damaged).keySet()) {
                Optional<PointRecord> point = catalog.points().find(connection, id);
                if (point.isEmpty() || isMended(point.get())) {
                    damaged.remove(id);
                }
            }
            catalog.damage().setRecords(connection, damaged);
            // What was written anew is not kept by the store yet.
            catalog.locks().forgetKept(connection);
        });
        return damaged.size();
    }

    private boolean isMended(PointRecord point) {
        try {
            return mended(point);
        } catch (StorageException e) {
            if (!e.code().isOfOneBlob()) {
                throw e;
            }
            LOG.warn("the record of point {} cannot be written anew for now: {}", point.id(), e.getMessage());
            return false;
        }
    }

    private boolean mended(PointRecord point) {
        String name = PointName.of(point.id());
        String aside = PackTrash.PREFIX + "record-" + point.id();
        if (blobs.exists(name)) {
            Optional<Instant> kept = new PackTrash(blobs).retainedUntil(name);
            if (kept.isPresent()) {
                LOG.warn("the record of point {} is damaged, and the store keeps it until {}", point.id(), kept.get());
                return false;
            }
            blobs.delete(aside);
            blobs.move(name, aside);
        }
        ByteBuffer record = codec.encode(point);
        int bytes = record.remaining();
        blobs.putIfAbsent(name, record);
        LOG.info("the record of point {} is written anew", point.id());
        return codec.decode(blobs.read(name, 0, bytes)).equals(point);
    }
}
