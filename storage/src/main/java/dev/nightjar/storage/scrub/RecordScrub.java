package dev.nightjar.storage.scrub;

import dev.nightjar.storage.StorageErrorCode;
import dev.nightjar.storage.StorageException;
import dev.nightjar.storage.blob.BlobStore;
import dev.nightjar.storage.catalog.Catalog;
import dev.nightjar.storage.catalog.PointState;
import dev.nightjar.storage.key.RepositoryIdentity;
import dev.nightjar.storage.point.PointName;
import dev.nightjar.storage.point.PointRecord;
import dev.nightjar.storage.point.PointRecordCodec;
import java.nio.ByteBuffer;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * Reads the records of all complete points and compares them with the catalog. Without the key only what is missing is found. Thread-safe.
 */
public final class RecordScrub {

    private final Catalog catalog;
    private final BlobStore blobs;
    private final @Nullable PointRecordCodec codec;

    /**
     * Scrubs the records of one repository.
     *
     * @param codec null without the key
     */
    public RecordScrub(Catalog catalog, BlobStore blobs, @Nullable PointRecordCodec codec) {
        this.catalog = catalog;
        this.blobs = blobs;
        this.codec = codec;
    }

    /**
     * Reads them, and tells the catalog what is wrong; returns how many are damaged.
     *
     * @throws StorageException what keeps the store or the catalog from being used
     */
    public long run() {
        List<PointRecord> points = catalog.database().read(catalog.points()::list);
        Map<UUID, String> reasons = new LinkedHashMap<>();
        for (PointRecord point : points) {
            String reason = reason(point);
            if (reason != null) {
                reasons.put(point.id(), reason);
            }
        }
        if (!reasons.isEmpty()) {
            // It may be the records, or the store.
            RepositoryIdentity.requireStored(blobs);
        }
        catalog.database().transact(connection -> {
            // A point that was deleted meanwhile has no record, and needs none.
            Map<UUID, PointState> states = catalog.points().states(connection);
            reasons.keySet().removeIf(id -> states.get(id) != PointState.COMPLETE);
            catalog.damage().setRecords(connection, reasons);
        });
        return reasons.size();
    }

    private @Nullable String reason(PointRecord point) {
        String name = PointName.of(point.id());
        try {
            long bytes = blobs.size(name);
            if (bytes > PointRecordCodec.MAX_BYTES) {
                return "it has " + bytes + " bytes";
            }
            ByteBuffer record = blobs.read(name, 0, (int) bytes);
            if (codec != null && !codec.decode(record).equals(point)) {
                return "it is not the record that the catalog knows";
            }
            return null;
        } catch (StorageException e) {
            if (e.code().isOfOneBlob() || e.code() == StorageErrorCode.FORMAT_UNSUPPORTED) {
                return e.code() == StorageErrorCode.BLOB_NOT_FOUND ? "it is missing" : String.valueOf(e.getMessage());
            }
            throw e;
        }
    }
}
