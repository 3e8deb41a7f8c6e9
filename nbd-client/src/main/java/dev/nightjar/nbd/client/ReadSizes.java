package dev.nightjar.nbd.client;

import java.util.concurrent.atomic.AtomicInteger;

/** How long a read may be, as far as the server has said or shown. Thread-safe. */
final class ReadSizes {

    /** Every server serves this much; a refusal of less has another reason. */
    private static final int ALWAYS_SERVED = 4096;

    private final int minimum;
    private final AtomicInteger maximum;

    /**
     * What was agreed on, in bytes.
     *
     * @param minimum a power of two
     * @param maximum at least the minimum
     */
    ReadSizes(int minimum, int maximum) {
        this.minimum = minimum;
        this.maximum = new AtomicInteger(Math.max(minimum, maximum - maximum % minimum));
    }

    int minimum() {
        return minimum;
    }

    int maximum() {
        return maximum.get();
    }

    /** The length of the first of two halves, or 0 if there is no smaller read. */
    int half(int length) {
        int half = length / 2 / minimum * minimum;
        return half < ALWAYS_SERVED ? 0 : half;
    }

    /** The server found a read of this length too long: later ones are shorter from the start. */
    void refused(int length) {
        int shorter = half(length);
        if (shorter > 0) {
            maximum.accumulateAndGet(shorter, Math::min);
        }
    }
}
