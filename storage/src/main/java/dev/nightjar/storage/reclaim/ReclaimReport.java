package dev.nightjar.storage.reclaim;

/**
 * What a reclaim did.
 *
 * @param condemnedPacks found to be of no use; deleted by a later reclaim, after the grace period
 * @param condemnedBytes their length
 * @param rewrittenPacks of those, the ones of which something was copied elsewhere first
 * @param copiedBytes what was copied
 * @param deletedPacks deleted, because they were condemned long enough ago
 * @param deletedBytes their length: the space that is back
 * @param waitingPacks condemned, and not deleted yet
 * @param deletedOrphans deleted, because the catalog did not know them for long enough
 */
public record ReclaimReport(
        long condemnedPacks,
        long condemnedBytes,
        long rewrittenPacks,
        long copiedBytes,
        long deletedPacks,
        long deletedBytes,
        long waitingPacks,
        long deletedOrphans) {}
