package dev.nightjar.storage.reclaim;

import java.time.Duration;

/**
 * How reclaiming goes about.
 *
 * @param grace how long a condemned pack, or one that nobody knows, stays at least
 * @param sparse packs of which at most this part of the chunks is in use, and at most this part of the bytes by whole frames, are rewritten, 0 to 1
 * @param rewriteBytes most bytes of packs that are rewritten at a time
 */
public record ReclaimLimits(Duration grace, double sparse, long rewriteBytes) {

    /** A quarter of an hour; packs that are at least half empty; 4 GiB. */
    public static final ReclaimLimits DEFAULT = new ReclaimLimits(Duration.ofMinutes(15), 0.5, 4L << 30);

    /** Refuses what makes no sense. */
    public ReclaimLimits {
        if (grace.isNegative() || sparse < 0 || sparse >= 1 || rewriteBytes < 0) {
            throw new IllegalArgumentException("grace " + grace + ", sparse " + sparse + ", rewrite " + rewriteBytes);
        }
    }
}
