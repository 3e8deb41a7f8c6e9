package dev.nightjar.storage.reclaim;

import dev.nightjar.storage.blob.BlobInfo;
import dev.nightjar.storage.blob.BlobStore;
import dev.nightjar.storage.catalog.Catalog;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.stream.Stream;

/**
 * How often space was reclaimed, kept in the catalog and, as a blob {@code reclaim/<number>}, in the repository. A catalog that was restored from a dump is behind the
 * repository: it believes in packs that are gone, and does not know those that they were rewritten to. Nobody may write, nor reclaim, by such a catalog.
 *
 * <p>The catalog is written first, so that a crash in between leaves it ahead, which is harmless. Thread-safe.
 */
public final class ReclaimEpoch {

    private static final String PREFIX = "reclaim/";

    private final Catalog catalog;
    private final BlobStore blobs;

    /** The epoch of one repository. */
    public ReclaimEpoch(Catalog catalog, BlobStore blobs) {
        this.catalog = catalog;
        this.blobs = blobs;
    }

    /** Whether the catalog is older than the last reclaim. */
    public boolean isCatalogStale() {
        long stored = stored();
        return catalog.database().read(catalog.repositories()::reclaimEpoch) < stored;
    }

    /** Begins another one, before anything is condemned. */
    void advance() {
        long next = 1 + Math.max(stored(), catalog.database().read(catalog.repositories()::reclaimEpoch));
        catalog.database().transact(connection -> catalog.repositories().setReclaimEpoch(connection, next));
        blobs.putIfAbsent(name(next), ByteBuffer.allocate(0));
        numbers().stream().filter(number -> number < next).forEach(number -> blobs.delete(name(number)));
    }

    /** The repository's number; 0 if space was never reclaimed. */
    public long stored() {
        return numbers().stream().mapToLong(Long::longValue).max().orElse(0);
    }

    private List<Long> numbers() {
        try (Stream<BlobInfo> blobInfos = blobs.list(PREFIX)) {
            return blobInfos
                    .map(blob -> blob.name().substring(PREFIX.length()))
                    .filter(number -> number.matches("[1-9][0-9]{0,17}"))
                    .map(Long::valueOf)
                    .toList();
        }
    }

    private static String name(long number) {
        return PREFIX + number;
    }
}
