package dev.nightjar.storage.rebuild;

import java.util.List;

/**
 * What a rebuild found.
 *
 * @param packs packs whose chunks are in the catalog now
 * @param storedBytes their length
 * @param chunks chunks and map nodes in them
 * @param points points that are complete
 * @param leftOutPacks files among the packs that are none, are damaged or cannot be read
 * @param leftOutPoints records that are damaged or cannot be read, or whose map is not whole
 */
public record RebuildReport(
        long packs,
        long storedBytes,
        long chunks,
        long points,
        List<LeftOut> leftOutPacks,
        List<LeftOut> leftOutPoints) {

    /** Keeps copies. */
    public RebuildReport {
        leftOutPacks = List.copyOf(leftOutPacks);
        leftOutPoints = List.copyOf(leftOutPoints);
    }
}
