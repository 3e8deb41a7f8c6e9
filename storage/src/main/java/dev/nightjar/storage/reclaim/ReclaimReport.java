package dev.nightjar.storage.reclaim;

/**
 * What a reclaim did.
 *
 * @param condemnedPacks found to be of no use; deleted by a later reclaim, after the grace period
 * @param condemnedBytes their length
 * @param rewrittenPacks of those, the ones of which something was copied elsewhere first
 * @param copiedBytes what was copied
 * @param deletedPacks moved to the trash, because they were condemned long enough ago
 * @param deletedBytes their length
 * @param waitingPacks condemned, and not deleted yet
 * @param deletedOrphans moved to the trash, because the catalog did not know them for long enough
 * @param freedBytes what was deleted from the trash: the space that is back, but for packs that were deleted at once because space was short
 * @param trash how much lies in the trash now, to be deleted by a later reclaim
 */
public record ReclaimReport(
        long condemnedPacks,
        long condemnedBytes,
        long rewrittenPacks,
        long copiedBytes,
        long deletedPacks,
        long deletedBytes,
        long waitingPacks,
        long deletedOrphans,
        long freedBytes,
        long trash) {}
