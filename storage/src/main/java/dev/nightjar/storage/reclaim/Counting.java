package dev.nightjar.storage.reclaim;

import dev.nightjar.storage.StorageErrorCode;
import dev.nightjar.storage.StorageException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Begins the reclaim epochs of one reclaim that deletes. On a full disk without any reserve room comes first: what could not be counted then is counted once something has been deleted, and until it is,
 * older dumps of the catalog may not be told from it. Used by one thread.
 */
final class Counting {

    private static final Logger LOG = LoggerFactory.getLogger(Counting.class);

    private final ReclaimEpoch epoch;
    private final boolean full;
    private boolean owed;

    /**
     * Counts nothing yet.
     *
     * @param full nothing more can be given up
     */
    Counting(ReclaimEpoch epoch, boolean full) {
        this.epoch = epoch;
        this.full = full;
    }

    /** To be called before anything is deleted. */
    void advance() {
        try {
            epoch.advance();
            owed = false;
        } catch (StorageException e) {
            if (!full || e.code() != StorageErrorCode.REPOSITORY_FULL) {
                throw e;
            }
            owed = true;
            LOG.warn("no space to note that packs are deleted: restore no dump of the catalog that is older", e);
        }
    }

    /** To be called when all is deleted that is. */
    void makeUp() {
        if (owed) {
            advance();
        }
    }
}
