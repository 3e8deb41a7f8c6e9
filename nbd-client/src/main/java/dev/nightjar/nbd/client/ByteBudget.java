package dev.nightjar.nbd.client;

import java.util.concurrent.Semaphore;

/** How many bytes may be under way at a time. Thread-safe; who comes first is served first. */
final class ByteBudget {

    /** Bytes of one permit, so that any budget is a number of permits that fits. */
    private static final int UNIT = 4096;

    private final int units;
    private final Semaphore free;

    ByteBudget(long bytes) {
        this.units = Math.clamp(bytes / UNIT, 1, Integer.MAX_VALUE);
        this.free = new Semaphore(units, true);
    }

    /** Blocks until there is room. More than the whole budget gets all of it, so that no request waits forever. */
    void acquire(long bytes) throws InterruptedException {
        free.acquire(units(bytes));
    }

    void release(long bytes) {
        free.release(units(bytes));
    }

    private int units(long bytes) {
        return Math.clamp((bytes + UNIT - 1) / UNIT, 1, units);
    }
}
