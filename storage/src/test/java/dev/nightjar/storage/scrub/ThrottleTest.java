package dev.nightjar.storage.scrub;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.nightjar.storage.StorageErrorCode;
import dev.nightjar.storage.StorageException;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

class ThrottleTest {

    private final AtomicLong nanos = new AtomicLong(123);
    private final AtomicLong slept = new AtomicLong();
    private final Throttle throttle = new Throttle(1000, nanos::get, this::sleep);

    private void sleep(Duration time) {
        slept.addAndGet(time.toNanos());
        nanos.addAndGet(time.toNanos());
    }

    @Test
    void readingTakesAsLongAsItsRateSays() {
        for (int piece = 0; piece < 11; piece++) {
            throttle.beforeReading(500);
        }
        assertThat(Duration.ofNanos(slept.get())).isEqualTo(Duration.ofSeconds(5));
    }

    @Test
    void timeThatReadingItselfTakesIsNotSleptAgain() {
        for (int piece = 0; piece < 11; piece++) {
            throttle.beforeReading(500);
            nanos.addAndGet(Duration.ofMillis(400).toNanos());
        }
        assertThat(Duration.ofNanos(slept.get())).isEqualTo(Duration.ofSeconds(1));
    }

    @Test
    void withoutALimitNobodyWaits() {
        Throttle unlimited = new Throttle(0, nanos::get, this::sleep);
        unlimited.beforeReading(Integer.MAX_VALUE);
        unlimited.beforeReading(Integer.MAX_VALUE);
        assertThat(slept.get()).isZero();
    }

    @Test
    void anInterruptionEndsTheScrubAndStaysVisible() {
        Throttle interrupted = new Throttle(1, nanos::get, _ -> {
            throw new InterruptedException();
        });
        interrupted.beforeReading(10);
        assertThatThrownBy(() -> interrupted.beforeReading(10))
                .isInstanceOfSatisfying(
                        StorageException.class, e -> assertThat(e.code()).isEqualTo(StorageErrorCode.INTERRUPTED));
        assertThat(Thread.interrupted()).isTrue();
    }
}
