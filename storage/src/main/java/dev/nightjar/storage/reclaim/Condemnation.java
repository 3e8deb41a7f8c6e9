package dev.nightjar.storage.reclaim;

import dev.nightjar.storage.StorageErrorCode;
import dev.nightjar.storage.StorageException;
import dev.nightjar.storage.catalog.Catalog;
import dev.nightjar.storage.catalog.CatalogDatabase.Work;
import dev.nightjar.storage.catalog.ChunkKey;
import dev.nightjar.storage.catalog.ChunkLocation;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * Condemns packs in one transaction that locks commits out: what was committed since the mark is marked first, so nothing that any point needs is
 * condemned. Runs that have not committed and lean on a condemned pack revive it by their commit.
 */
final class Condemnation {

    private static final int BATCH = 10_000;

    private final Catalog catalog;
    private final LiveChunks live;
    private final long generation;
    private final Instant begun;
    private final Set<Integer> usedSinceMark = new HashSet<>();

    /** What came into use and was not located yet: kept across transactions that fail. */
    private final List<ChunkKey> late = new ArrayList<>();

    /**
     * To be made before the mark.
     *
     * @throws StorageException CATALOG_NEEDS_REBUILD if the catalog does not know the repository
     */
    Condemnation(Catalog catalog, LiveChunks live) {
        this.catalog = catalog;
        this.live = live;
        // Whoever moves chunks from pack to pack has done so before, and the mark finds them there, or records the pack
        // afterwards.
        Start start = catalog.database().inTransaction(connection -> {
            catalog.repositories().shareWithReclaim(connection);
            return new Start(
                    catalog.repositories().generation(connection).orElseThrow(Condemnation::rebuilt),
                    catalog.repositories().now(connection));
        });
        generation = start.generation;
        begun = start.time;
    }

    private record Start(long generation, Instant time) {}

    /** Condemns those of the packs of which nothing has come into use since the mark; returns how many these are. */
    int condemn(Collection<Integer> packs) {
        return inQuiet(connection -> {
            Set<Integer> unused = new HashSet<>(packs);
            unused.removeAll(usedSinceMark(connection));
            return condemn(connection, unused);
        });
    }

    /**
     * Condemns packs, in a quiet transaction. One that was written again since the mark stays: what somebody has moved there meanwhile was needed already, and is not in {@link #usedSinceMark}.
     */
    int condemn(Connection connection, Collection<Integer> packs) throws SQLException {
        return catalog.packs().condemnOlder(connection, packs, begun);
    }

    /** Runs a transaction during which nobody commits and no rebuild has taken place since the mark. */
    <T> T inQuiet(Work<T> work) {
        return catalog.database().inTransaction(connection -> {
            catalog.repositories().lockOutCommits(connection);
            if (catalog.repositories().holdGeneration(connection).orElse(-1) != generation) {
                throw rebuilt();
            }
            return work.on(connection);
        });
    }

    /** The packs that hold what came into use since the mark, as far as they held it when that was found. Used in quiet transactions. */
    Set<Integer> usedSinceMark(Connection connection) throws SQLException {
        live.add(catalog.points().roots(connection), id -> late.add(ChunkKey.of(id)));
        for (int from = 0; from < late.size(); from += BATCH) {
            List<ChunkKey> batch = late.subList(from, Math.min(late.size(), from + BATCH));
            catalog.chunks().locate(connection, batch).values().stream()
                    .map(ChunkLocation::pack)
                    .forEach(usedSinceMark::add);
        }
        late.clear();
        return usedSinceMark;
    }

    private static StorageException rebuilt() {
        return new StorageException(
                StorageErrorCode.CATALOG_NEEDS_REBUILD,
                "The catalog was rebuilt, or lost, while space was being reclaimed",
                "Nothing was removed by mistake; reclaim again.");
    }
}
