package dev.nightjar.storage.reclaim;

import dev.nightjar.storage.blob.BlobInfo;
import dev.nightjar.storage.blob.BlobStore;
import dev.nightjar.storage.catalog.Catalog;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.stream.Stream;

/**
 * How often points were deleted or space was reclaimed, kept in the catalog and, as a blob {@code reclaim/<number>}, in the repository. A catalog that was restored from a dump is behind the
 * repository: it believes in points and packs that are gone, and does not know the packs that those were rewritten to. Nobody may write, nor reclaim, by such a catalog.
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

    /** Whether the catalog is older than the last deletion or reclaim. */
    public boolean isCatalogStale() {
        long stored = stored();
        return catalog.database().read(catalog.repositories()::reclaimEpoch) < stored;
    }

    /**
     * Begins another one: before anything is condemned or deleted, before and after chunks of a damaged pack move, and before the record of a point goes, which the catalog says by
     * then.
     */
    public void advance() {
        long stored = stored();
        // A catalog that is behind stays behind, whatever is done with it, until it is rebuilt.
        long next = catalog.database()
                .inTransaction(connection -> catalog.repositories().raiseReclaimEpoch(connection, stored))
                .orElse(stored + 1);
        blobs.putIfAbsent(name(next), ByteBuffer.allocate(0));
        numbers().stream().filter(number -> number < next).forEach(number -> blobs.delete(name(number)));
    }

    /** The repository's number; 0 if nothing was ever deleted. */
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
