package dev.nightjar.storage.reclaim;

import java.time.Duration;

/**
 * How reclaiming goes about.
 *
 * @param grace how long a condemned pack, or one that nobody knows, stays at least
 * @param sparse packs of which at most this part of the chunks is in use, and at most this part of the bytes by whole frames, are rewritten, 0 to 1
 * @param rewriteBytes most bytes of packs that are rewritten at a time
 * @param trash how long a deleted pack stays in the trash at least, and three days while a pack is damaged; it is deleted by a later reclaim in any case, unless space is short
 */
public record ReclaimLimits(Duration grace, double sparse, long rewriteBytes, Duration trash) {

    /** How long packs stay in the trash unless configured otherwise: short enough for space to be back minutes after the grace period. */
    public static final Duration DEFAULT_TRASH = Duration.ofMinutes(5);

    /** A quarter of an hour; packs that are at least half empty; 4 GiB; five minutes in the trash. */
    public static final ReclaimLimits DEFAULT = new ReclaimLimits(Duration.ofMinutes(15), 0.5, 4L << 30, DEFAULT_TRASH);

    /** Refuses what makes no sense. */
    public ReclaimLimits {
        if (grace.isNegative() || sparse < 0 || sparse >= 1 || rewriteBytes < 0 || trash.isNegative()) {
            throw new IllegalArgumentException(
                    "grace " + grace + ", sparse " + sparse + ", rewrite " + rewriteBytes + ", trash " + trash);
        }
    }

    /** Packs that stay in the trash for the usual time, or the grace period if that is shorter. */
    public ReclaimLimits(Duration grace, double sparse, long rewriteBytes) {
        this(grace, sparse, rewriteBytes, grace.compareTo(DEFAULT_TRASH) < 0 ? grace : DEFAULT_TRASH);
    }
}
