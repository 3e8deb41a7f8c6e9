package dev.nightjar.storage.ingest;

import dev.nightjar.storage.seal.SealedFrame;

/**
 * Appends the sealed frames of regions to data packs, in the order in which the look-up saw the regions: a chunk that a later region
 * shares with an earlier one is therefore in a pack once the later one is settled. Used by one thread.
 */
final class PackStage {

    private final PackStream packs;

    PackStage(PackStream packs) {
        this.packs = packs;
    }

    void process(Region region) {
        for (PendingFrame pending : region.frames()) {
            SealedFrame frame = pending.sealed().join();
            if (packs.isFullFor(frame)) {
                packs.beginToStore();
            }
            region.counters().stored(packs.append(frame));
        }
    }

    /** Stores what has been appended so far: when it returns, the catalog knows every chunk of the regions before. */
    void flush() {
        packs.store();
    }

    void abort() {
        packs.abort();
    }
}
