package dev.nightjar.storage.reclaim;

import dev.nightjar.storage.catalog.Catalog;
import dev.nightjar.storage.catalog.PackRow;
import it.unimi.dsi.fastutil.ints.Int2IntOpenHashMap;
import java.util.List;

/**
 * How much of each pack is in use.
 *
 * @param live the packs that may be condemned: those of runs in progress are not among them
 * @param condemned the packs that are condemned
 */
record PackUses(List<PackUse> live, List<PackUse> condemned) {

    /** Counts the chunks that are marked: one pass over the chunk rows. */
    static PackUses count(Catalog catalog, LiveChunks marked) {
        return catalog.database().inTransaction(connection -> {
            // The packs first: one that is recorded during the scan is not looked at.
            List<PackRow> live = catalog.packs().settled(connection);
            List<PackRow> condemned = catalog.packs().condemned(connection);
            Int2IntOpenHashMap counts = new Int2IntOpenHashMap();
            catalog.chunks().scan(connection, (pack, key) -> {
                if (marked.contains(key)) {
                    counts.addTo(pack, 1);
                }
            });
            return new PackUses(uses(live, counts), uses(condemned, counts));
        });
    }

    private static List<PackUse> uses(List<PackRow> packs, Int2IntOpenHashMap counts) {
        return packs.stream()
                .map(pack -> new PackUse(pack, counts.get(pack.number())))
                .toList();
    }
}
