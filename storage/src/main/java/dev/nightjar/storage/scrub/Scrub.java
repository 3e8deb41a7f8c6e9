package dev.nightjar.storage.scrub;

import dev.nightjar.storage.StorageException;
import dev.nightjar.storage.blob.BlobStore;
import dev.nightjar.storage.catalog.Catalog;
import dev.nightjar.storage.catalog.ScrubTable.DuePack;
import dev.nightjar.storage.catalog.ScrubTable.Proofs;
import dev.nightjar.storage.pack.Pace;
import java.time.Instant;
import java.util.List;
import java.util.UUID;

/**
 * Proves packs, those first that were not proven for the longest time. Needs no key. Memory: a MiB, whatever there is to read. Thread-safe; several at a time do no harm, only work twice.
 *
 * <p>The catalog keeps when each pack was proven, so whatever ends a scrub, the next one goes on with the pack at which it was.
 */
public final class Scrub {

    private static final int BATCH = 64;

    private final Catalog catalog;
    private final BlobStore blobs;
    private final UUID repositoryId;

    /** Scrubs of one repository. */
    public Scrub(Catalog catalog, BlobStore blobs, UUID repositoryId) {
        this.catalog = catalog;
        this.blobs = blobs;
        this.repositoryId = repositoryId;
    }

    /**
     * What the packs were found to be.
     *
     * @param proven as they were written
     * @param damaged damaged or missing
     * @param bytes read
     */
    public record Found(long proven, long damaged, long bytes) {}

    /**
     * Reads what is due; blocks.
     *
     * @throws StorageException what keeps the store or the catalog from being used, or what the listener throws
     */
    public Found run(ScrubLimits limits, ScrubListener listener) {
        Instant before = catalog.database()
                .inTransaction(connection -> limits.isEverything()
                        ? catalog.scrubs().beginPass(connection)
                        : catalog.scrubs().now(connection));
        Proofs all = catalog.database().read(connection -> catalog.scrubs().proofs(connection, null));
        Proofs left = catalog.database().read(connection -> catalog.scrubs().proofs(connection, before));
        long planned = limits.isEverything() ? left.bytes() : (long) Math.ceil(limits.share() * all.bytes());
        Found found = new Reading(limits, before, planned, listener).run();
        if (limits.isEverything()) {
            catalog.database().transact(catalog.scrubs()::endPass);
        }
        return found;
    }

    /** One scrub. */
    private final class Reading implements Pace {

        private final ScrubLimits limits;
        private final Instant before;
        private final long planned;
        private final ScrubListener listener;
        private final Throttle throttle;
        private final PackScrub packs;
        private long proven;
        private long damaged;
        private long bytes;
        private long chosenBytes;

        Reading(ScrubLimits limits, Instant before, long planned, ScrubListener listener) {
            this.limits = limits;
            this.before = before;
            this.planned = planned;
            this.listener = listener;
            throttle = Throttle.of(limits.bytesPerSecond());
            packs = new PackScrub(catalog, blobs, repositoryId, this);
        }

        Found run() {
            while (true) {
                List<DuePack> due = catalog.database()
                        .read(connection -> catalog.scrubs().due(connection, before, limits.within(), BATCH));
                for (DuePack pack : due) {
                    if (!pack.overdue() && !limits.isEverything() && chosenBytes >= planned) {
                        return found();
                    }
                    read(pack);
                }
                if (due.isEmpty()) {
                    return found();
                }
            }
        }

        private void read(DuePack pack) {
            chosenBytes += pack.pack().storedBytes();
            switch (packs.scrub(pack.pack())) {
                case PROVEN -> proven++;
                case DAMAGED -> damaged++;
                case GONE -> {
                    // Nobody needs it any more.
                }
            }
            tell();
        }

        @Override
        public void beforeReading(int length) {
            throttle.beforeReading(length);
            bytes += length;
            tell();
        }

        private void tell() {
            listener.progress(new ScrubProgress(proven + damaged, bytes, Math.max(planned, bytes), damaged));
        }

        private Found found() {
            return new Found(proven, damaged, bytes);
        }
    }
}
