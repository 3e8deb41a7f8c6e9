package dev.nightjar.storage.repository;

import dev.nightjar.storage.blob.BlobInfo;
import dev.nightjar.storage.blob.BlobStore;
import dev.nightjar.storage.catalog.Catalog;
import dev.nightjar.storage.catalog.PointState;
import dev.nightjar.storage.pack.PackId;
import dev.nightjar.storage.point.PointName;
import dev.nightjar.storage.reclaim.ReclaimEpoch;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Compares a catalog with its repository by the points of both, which costs one listing of the records. */
final class CatalogCheck {

    private final Catalog catalog;
    private final BlobStore blobs;
    private final ReclaimEpoch epoch;

    CatalogCheck(Catalog catalog, BlobStore blobs) {
        this.catalog = catalog;
        this.blobs = blobs;
        this.epoch = new ReclaimEpoch(catalog, blobs);
    }

    CatalogState state() {
        if (catalog.database().read(catalog.repositories()::generation).isEmpty()) {
            return registerIfEmpty();
        }
        if (epoch.isCatalogStale()) {
            return CatalogState.NEEDS_REBUILD;
        }
        // Records before rows: a point that is committed or deleted in between must not look like a difference.
        Set<UUID> before = records();
        Map<UUID, PointState> rows = catalog.database().read(catalog.points()::states);
        Set<UUID> leftOut = catalog.database().read(catalog.points()::leftOut).keySet();
        Set<UUID> after = records();
        Set<UUID> lasting = new HashSet<>(before);
        lasting.retainAll(after);
        boolean everyRecordIsKnown = lasting.stream().allMatch(id -> rows.containsKey(id) || leftOut.contains(id));
        boolean everyPointHasItsRecord = rows.entrySet().stream()
                .filter(row -> row.getValue() == PointState.COMPLETE)
                .allMatch(row -> before.contains(row.getKey()) || after.contains(row.getKey()));
        return everyRecordIsKnown && everyPointHasItsRecord ? CatalogState.MATCHES : CatalogState.NEEDS_REBUILD;
    }

    /** A catalog that does not know the repository is right about it if there is nothing to know. */
    private CatalogState registerIfEmpty() {
        try (Stream<BlobInfo> packs = blobs.list(PackId.PREFIX)) {
            if (packs.findAny().isPresent() || !records().isEmpty()) {
                return CatalogState.NEEDS_REBUILD;
            }
        }
        catalog.database().transact(catalog.repositories()::register);
        return CatalogState.MATCHES;
    }

    private Set<UUID> records() {
        try (Stream<BlobInfo> records = blobs.list(PointName.PREFIX)) {
            return records.flatMap(blob -> PointName.parse(blob.name()).stream())
                    .collect(Collectors.toSet());
        }
    }
}
