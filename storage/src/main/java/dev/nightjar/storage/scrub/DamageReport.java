package dev.nightjar.storage.scrub;

import dev.nightjar.storage.catalog.DamageTable.DamagedPackRow;
import java.util.List;

/**
 * What is damaged in a repository, and what that reaches. Immutable.
 *
 * @param packs the packs with something wrong, in the order in which that was found
 * @param damagedChunks how many chunks and map nodes cannot be read
 * @param points the points that it reaches, oldest first
 */
public record DamageReport(List<DamagedPackRow> packs, long damagedChunks, List<DamagedPoint> points) {

    /** Copies the lists. */
    public DamageReport {
        packs = List.copyOf(packs);
        points = List.copyOf(points);
    }

    /** Whether nothing is known to be damaged. */
    public boolean isClean() {
        return packs.isEmpty() && points.isEmpty();
    }
}
