package dev.nightjar.storage.blob.s3;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

class UntilYesTest {

    private final AtomicLong nanos = new AtomicLong();
    private final AtomicInteger asked = new AtomicInteger();
    private final AtomicBoolean answer = new AtomicBoolean();
    private final UntilYes known = new UntilYes(this::ask, nanos::get);

    @Test
    void aNoHoldsForTenMinutesAndAYesForGood() {
        assertThat(known.getAsBoolean()).isFalse();
        answer.set(true);
        nanos.addAndGet(Duration.ofMinutes(10).toNanos() - 1);
        assertThat(known.getAsBoolean()).isFalse();
        assertThat(asked).hasValue(1);

        nanos.addAndGet(1);
        assertThat(known.getAsBoolean()).isTrue();
        answer.set(false);
        nanos.addAndGet(Duration.ofDays(1).toNanos());
        assertThat(known.getAsBoolean()).isTrue();
        assertThat(asked).hasValue(2);
    }

    private boolean ask() {
        asked.incrementAndGet();
        return answer.get();
    }
}
