package dev.nightjar.storage.scrub;

import dev.nightjar.storage.StorageErrorCode;
import dev.nightjar.storage.StorageException;
import dev.nightjar.storage.pack.Pace;
import java.time.Duration;
import java.util.function.LongSupplier;

/** Waits before each piece for as long as it takes to stay below a rate on average. Used by one thread. */
public final class Throttle implements Pace {

    private static final long NANOS_PER_SECOND = 1_000_000_000;

    private final long bytesPerSecond;
    private final LongSupplier nanos;
    private final Sleeper sleeper;
    private final long began;
    private double owedNanos;

    /** How a thread waits. */
    @FunctionalInterface
    public interface Sleeper {
        void sleep(Duration time) throws InterruptedException;
    }

    /** Throttles by the clock of the machine; 0 for no limit. */
    public static Throttle of(long bytesPerSecond) {
        return new Throttle(bytesPerSecond, System::nanoTime, Thread::sleep);
    }

    Throttle(long bytesPerSecond, LongSupplier nanos, Sleeper sleeper) {
        this.bytesPerSecond = bytesPerSecond;
        this.nanos = nanos;
        this.sleeper = sleeper;
        began = nanos.getAsLong();
    }

    @Override
    public void beforeReading(int bytes) {
        if (bytesPerSecond == 0) {
            return;
        }
        long early = (long) owedNanos - (nanos.getAsLong() - began);
        owedNanos += (double) bytes * NANOS_PER_SECOND / bytesPerSecond;
        if (early <= 0) {
            return;
        }
        try {
            sleeper.sleep(Duration.ofNanos(early));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new StorageException(
                    StorageErrorCode.INTERRUPTED,
                    "The scrub was interrupted",
                    "What was proven stays so; the next scrub goes on where this one was.",
                    e);
        }
    }
}
