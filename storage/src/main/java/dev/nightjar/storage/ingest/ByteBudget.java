package dev.nightjar.storage.ingest;

import java.util.concurrent.Semaphore;

/**
 * The bytes that a run may hold in memory between its source and its packs. Thread-safe. Counted in whole KiB; whoever asks waits
 * until enough has come back.
 */
final class ByteBudget {

    private static final int UNIT = 1024;

    private final Semaphore units;

    ByteBudget(long bytes) {
        units = new Semaphore(units(bytes), true);
    }

    void take(long bytes) throws InterruptedException {
        units.acquire(units(bytes));
    }

    void giveBack(long bytes) {
        units.release(units(bytes));
    }

    /** Lets everybody through from now on: what they hold is about to be discarded. */
    void lift() {
        units.release(Integer.MAX_VALUE / 2);
    }

    private static int units(long bytes) {
        return Math.toIntExact(Math.ceilDiv(bytes, (long) UNIT));
    }
}
