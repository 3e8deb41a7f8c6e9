package dev.nightjar.storage.blob.s3;

import java.time.Duration;
import java.util.function.BooleanSupplier;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Asks until the answer is yes, which is remembered for good; a no holds for some minutes. For what a store can learn, or may have kept from us when it was asked. A question that failed is asked again.
 * Thread-safe.
 */
final class UntilYes implements BooleanSupplier {

    private static final Duration NO_HOLDS = Duration.ofMinutes(10);

    private final BooleanSupplier question;
    private final LongSupplier nanos;
    private volatile @Nullable Answer last;

    private record Answer(boolean yes, long at) {}

    /**
     * Asks nothing yet.
     *
     * @param nanos a clock that only goes forward, in nanoseconds
     */
    UntilYes(BooleanSupplier question, LongSupplier nanos) {
        this.question = question;
        this.nanos = nanos;
    }

    @Override
    public boolean getAsBoolean() {
        Answer known = last;
        if (known == null || (!known.yes && nanos.getAsLong() - known.at >= NO_HOLDS.toNanos())) {
            known = new Answer(question.getAsBoolean(), nanos.getAsLong());
            last = known;
        }
        return known.yes;
    }
}
