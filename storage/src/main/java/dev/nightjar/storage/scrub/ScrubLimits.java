package dev.nightjar.storage.scrub;

import java.time.Duration;

/**
 * How much a scrub reads.
 *
 * @param within what was not proven for longer than this is read in any case
 * @param share the part of the repository's bytes that is read at least, those first that were not proven for the longest time: 0 to 1, where 1 stands for everything
 * @param bytesPerSecond how fast, on average; 0 for as fast as it goes
 */
public record ScrubLimits(Duration within, double share, long bytesPerSecond) {

    /** How long a pack may go unproven unless configured otherwise. */
    public static final Duration DEFAULT_WITHIN = Duration.ofDays(30);

    /** How fast packs are read unless configured otherwise: a fraction of what a disk does. */
    public static final long DEFAULT_BYTES_PER_SECOND = 64L << 20;

    /** Refuses what makes no sense. */
    public ScrubLimits {
        if (within.isNegative() || share < 0 || share > 1 || bytesPerSecond < 0) {
            throw new IllegalArgumentException("within " + within + ", share " + share + ", rate " + bytesPerSecond);
        }
    }

    /** Everything, as fast as it goes. */
    public static ScrubLimits everything() {
        return new ScrubLimits(Duration.ZERO, 1, 0);
    }

    /** Whether the whole repository is to be read. */
    public boolean isEverything() {
        return share == 1;
    }
}
