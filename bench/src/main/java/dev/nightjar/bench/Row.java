package dev.nightjar.bench;

import org.jspecify.annotations.Nullable;

/**
 * One line of a report; the members of its JSON.
 *
 * @param unit of {@code ours} and {@code peer}, for example {@code MiB/s}
 * @param ours median of our runs
 * @param peer median of the peer's runs; null where there is no peer
 * @param ratio ours by peer; null where there is no peer
 * @param goal least ratio; where there is no peer, most that {@code ours} may be
 * @param runs of each
 */
record Row(
        String name,
        String unit,
        double ours,
        @Nullable Double peer,
        @Nullable Double ratio,
        double goal,
        int runs) {

    static Row compared(String name, String unit, double ours, double peer, double goal, int runs) {
        return new Row(name, unit, rounded(ours), rounded(peer), rounded(ours / peer), goal, runs);
    }

    static Row alone(String name, String unit, double ours, double most, int runs) {
        return new Row(name, unit, rounded(ours), null, null, most, runs);
    }

    boolean reached() {
        return ratio == null ? ours <= goal : ratio >= goal;
    }

    private static double rounded(double value) {
        return value < 10 ? Math.round(value * 1000) / 1000.0 : Math.round(value * 10) / 10.0;
    }
}
