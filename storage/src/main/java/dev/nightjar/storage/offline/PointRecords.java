package dev.nightjar.storage.offline;

import dev.nightjar.storage.StorageErrorCode;
import dev.nightjar.storage.StorageException;
import dev.nightjar.storage.blob.BlobInfo;
import dev.nightjar.storage.blob.BlobStore;
import dev.nightjar.storage.point.PointName;
import dev.nightjar.storage.point.PointRecord;
import dev.nightjar.storage.point.PointRecordCodec;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.stream.Stream;

/**
 * The point records of a repository at one time. Immutable.
 *
 * @param points oldest first
 * @param flaws records that are not what was written
 * @param foreign blobs among the records that are not called as records are
 */
record PointRecords(List<PointRecord> points, List<Flaw> flaws, List<String> foreign) {

    /**
     * Reads all of them; records that are deleted meanwhile are nothing.
     *
     * @throws StorageException FORMAT_UNSUPPORTED, or what keeps the store from being read
     */
    static PointRecords read(BlobStore blobs, PointRecordCodec codec) {
        List<PointRecord> points = new ArrayList<>();
        List<Flaw> flaws = new ArrayList<>();
        List<String> foreign = new ArrayList<>();
        for (String name : names(blobs)) {
            Optional<UUID> id = PointName.parse(name);
            if (id.isEmpty()) {
                foreign.add(name);
                continue;
            }
            try {
                points.add(read(blobs, codec, id.get()));
            } catch (StorageException e) {
                if (!Flaw.isOfOneBlob(e)) {
                    throw e;
                }
                if (blobs.exists(name)) {
                    flaws.add(Flaw.of(name, e));
                }
            }
        }
        points.sort(Comparator.comparing(PointRecord::instant).thenComparing(PointRecord::id));
        return new PointRecords(List.copyOf(points), List.copyOf(flaws), List.copyOf(foreign));
    }

    /**
     * Reads one.
     *
     * @throws StorageException BLOB_NOT_FOUND, DATA_DAMAGED, FORMAT_UNSUPPORTED, or what the store says
     */
    static PointRecord read(BlobStore blobs, PointRecordCodec codec, UUID id) {
        String name = PointName.of(id);
        long bytes = blobs.size(name);
        if (bytes > PointRecordCodec.MAX_BYTES) {
            throw damaged(name + " has " + bytes + " bytes");
        }
        PointRecord point = codec.decode(blobs.read(name, 0, (int) bytes));
        if (!point.id().equals(id)) {
            throw damaged(name + " is the record of point " + point.id());
        }
        return point;
    }

    /** The names of everything that lies among the records. */
    static List<String> names(BlobStore blobs) {
        try (Stream<BlobInfo> found = blobs.list(PointName.PREFIX)) {
            return found.map(BlobInfo::name).sorted().toList();
        }
    }

    private static StorageException damaged(String message) {
        return new StorageException(
                StorageErrorCode.DATA_DAMAGED, message, "Take the record from a copy of the repository, or delete it.");
    }
}
