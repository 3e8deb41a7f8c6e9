package dev.nightjar.storage.scrub;

/**
 * What a scrub found, and what was mended at once.
 *
 * @param provenPacks packs that were read and are what they were written as
 * @param readBytes bytes that were read for it
 * @param damagedPacks packs that were read and are damaged, or that are missing
 * @param damagedRecords complete points whose record is missing or damaged
 * @param healedChunks chunks that could not be read where they lay, and can be read now
 * @param damagedChunks chunks that cannot be read now, from this scrub or an earlier one
 */
public record ScrubReport(
        long provenPacks,
        long readBytes,
        long damagedPacks,
        long damagedRecords,
        long healedChunks,
        long damagedChunks) {

    /** Whether nothing was found, and nothing is left from before. */
    public boolean isClean() {
        return damagedPacks == 0 && damagedRecords == 0 && damagedChunks == 0;
    }
}
