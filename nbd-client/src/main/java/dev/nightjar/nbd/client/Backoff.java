package dev.nightjar.nbd.client;

import java.util.random.RandomGenerator;

/** How long to wait before trying again: twice as long each time up to a limit, less a random part so that clients do not come in step. */
final class Backoff {

    private final Reconnect how;
    private final RandomGenerator random;

    Backoff(Reconnect how, RandomGenerator random) {
        this.how = how;
        this.random = random;
    }

    /**
     * The pause before an attempt, in nanoseconds.
     *
     * @param attempt the first is 0 and has none
     */
    long pauseNanos(int attempt) {
        if (attempt == 0) {
            return 0;
        }
        // Ten doublings reach any limit that makes sense, and stay far from overflowing.
        long doubled = how.firstPause().toNanos() << Math.min(attempt - 1, 10);
        long longest = Math.min(doubled, how.longestPause().toNanos());
        return longest - (longest < 2 ? 0 : random.nextLong(longest / 2));
    }
}
