package dev.nightjar.nbd.client;

import java.time.Duration;
import java.util.function.BooleanSupplier;

/**
 * Whether and how {@link NbdClient} comes back after it lost its connections. A read may be repeated only if it meets the same
 * bytes, which the server cannot tell; so the caller says whether the view that he froze is still there. Immutable.
 *
 * @param attempts most attempts in a row, without an answer in between; 0 for never
 * @param firstPause before the second attempt; each further pause is twice as long, less a random part of up to a half
 * @param longestPause no pause is longer
 * @param sameView asked before every attempt; called in any thread, must not block for long
 */
public record Reconnect(int attempts, Duration firstPause, Duration longestPause, BooleanSupplier sameView) {

    /** What is lost is lost. */
    public static final Reconnect NEVER = new Reconnect(0, Duration.ZERO, Duration.ZERO, () -> false);

    /** Six attempts within some 15 seconds, as long as the view stands. */
    public static Reconnect whileFrozen(BooleanSupplier sameView) {
        return new Reconnect(6, Duration.ofMillis(500), Duration.ofSeconds(10), sameView);
    }
}
