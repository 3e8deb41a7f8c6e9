package dev.nightjar.service.run;

/** A rate in bytes a second, smoothed over some seconds. Confined to whoever holds its run's lock. */
final class RateMeter {

    private static final double TIME_CONSTANT_SECONDS = 3.0;
    private static final double NANOS = 1e9;

    private long lastNanos;
    private long lastBytes;
    private double rate;
    private boolean begun;

    RateMeter(long nowNanos) {
        this.lastNanos = nowNanos;
    }

    /** The rate after so many bytes at this time; calls closer than a millisecond change nothing. */
    long update(long nowNanos, long bytes) {
        double seconds = (nowNanos - lastNanos) / NANOS;
        if (seconds < 0.001) {
            return Math.round(rate);
        }
        double current = (bytes - lastBytes) / seconds;
        double weight = begun ? 1 - Math.exp(-seconds / TIME_CONSTANT_SECONDS) : 1;
        rate += weight * (current - rate);
        begun = true;
        lastNanos = nowNanos;
        lastBytes = bytes;
        return Math.round(rate);
    }
}
