package dev.nightjar.storage.rebuild;

import dev.nightjar.storage.catalog.Catalog;
import dev.nightjar.storage.catalog.ChunkEntry;
import dev.nightjar.storage.catalog.PackRow;
import dev.nightjar.storage.pack.PackSurvey;
import dev.nightjar.storage.pack.PackSurveyor;
import dev.nightjar.storage.pack.StoredPack;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * The packs that a rebuild has found so far. What stands in two packs may do so because one of them is damaged, was mended, and is kept by the store: the one that was found first is
 * read then, and gives up what cannot be read in it. Used by one thread, within one transaction.
 */
final class RecordedPacks {

    private final Catalog catalog;
    private final Connection connection;
    private final PackSurveyor surveyor;
    private final Map<Integer, PackRow> recorded = new HashMap<>();
    private final Set<Integer> surveyed = new HashSet<>();

    RecordedPacks(Catalog catalog, Connection connection, PackSurveyor surveyor) {
        this.catalog = catalog;
        this.connection = connection;
        this.surveyor = surveyor;
    }

    void add(StoredPack pack) throws SQLException {
        List<ChunkEntry> chunks = ChunkEntry.of(pack);
        int number = catalog.packs().record(connection, pack.id(), pack.kind(), pack.bytes(), chunks.size(), null);
        recorded.put(number, new PackRow(number, pack.id(), pack.kind(), pack.bytes(), chunks.size()));
        boolean foundDamage = false;
        for (int other : catalog.chunks().record(connection, number, chunks).packs()) {
            foundDamage |= other != number && surveyed.add(other) && isDamaged(other);
        }
        if (foundDamage) {
            catalog.chunks().record(connection, number, chunks);
        }
    }

    private boolean isDamaged(int other) throws SQLException {
        PackRow row = recorded.get(other);
        if (row == null) {
            return false;
        }
        Optional<PackSurvey> damage = surveyor.survey(row.id(), row.kind(), row.storedBytes());
        if (damage.isPresent()) {
            catalog.damage().set(connection, other, damage.get());
        }
        return damage.isPresent();
    }
}
