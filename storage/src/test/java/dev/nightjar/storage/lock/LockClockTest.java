package dev.nightjar.storage.lock;

import static org.assertj.core.api.Assertions.assertThat;

import dev.nightjar.storage.blob.BlobInfo;
import dev.nightjar.storage.blob.MemoryBlobStore;
import dev.nightjar.storage.repository.SettableClock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class LockClockTest {

    private static final Instant START = Instant.parse("2026-01-01T00:00:00Z");

    private final MemoryBlobStore store = new MemoryBlobStore();
    private final SettableClock local = new SettableClock(START);

    @Test
    void aClockThatWasRightForLongGivesNoHeadStartToOneThatIsSetForward() {
        LockClock clock = opened();
        clock.now();
        look(clock, Duration.ofDays(100));
        Instant right = local.instant();
        assertThat(clock.now()).isEqualTo(right);

        local.set(right.plus(Duration.ofDays(250)));

        assertThat(clock.now()).isEqualTo(right);
        look(clock, Duration.ofDays(2));
        assertThat(clock.now()).isEqualTo(right.plus(Duration.ofDays(8)));
    }

    @Test
    void theTimeBeforeTheFirstLookIsNoHeadStartEither() {
        opened().now();
        LockClock clock = opened();
        local.pass(Duration.ofDays(10));
        local.set(local.instant().plus(Duration.ofDays(250)));
        assertThat(clock.now()).isEqualTo(START);
    }

    @Test
    void startingAgainIsNoHeadStart() {
        opened().now();
        local.set(START.plus(Duration.ofDays(250)));
        for (int i = 0; i < 10; i++) {
            assertThat(opened().now()).isEqualTo(START);
        }
    }

    @Test
    void whoWasAwayForAMonthCatchesUpWithinTenDays() {
        opened().now();
        local.set(START.plus(Duration.ofDays(30)));
        LockClock clock = opened();
        assertThat(clock.now()).isEqualTo(START);
        look(clock, Duration.ofDays(9));
        assertThat(clock.now()).isEqualTo(START.plus(Duration.ofDays(36)));
        look(clock, Duration.ofDays(2));
        assertThat(clock.now()).isEqualTo(local.instant());
    }

    @Test
    void aClockThatIsSetBackIsFollowedAtOnceAndCatchesUpOnceItIsPutRight() {
        LockClock clock = opened();
        clock.now();
        local.set(START.minus(Duration.ofDays(40)));
        look(clock, Duration.ofDays(3));
        assertThat(clock.now()).isEqualTo(local.instant());

        local.set(START.plus(Duration.ofDays(3)));

        assertThat(clock.now()).isEqualTo(START);
        look(clock, Duration.ofDays(2));
        assertThat(clock.now()).isEqualTo(local.instant());
    }

    @Test
    void theLargestNumberThatIsWrittenDownNeverGoesBack() {
        LockClock clock = opened();
        look(clock, Duration.ofDays(1));
        List<String> latest = notes();
        assertThat(latest).hasSize(1);
        assertThat(Instant.ofEpochSecond(Long.parseLong(latest.getFirst().substring("clock/".length()))))
                .isAfter(local.instant().minus(Duration.ofMinutes(90)));
        local.set(START.minus(Duration.ofDays(40)));
        look(clock, Duration.ofDays(1));
        assertThat(notes()).isEqualTo(latest);
    }

    private LockClock opened() {
        return new LockClock(store, local, local::steadyNanos);
    }

    /** Lets time pass and looks at the clock every half an hour. */
    private void look(LockClock clock, Duration duration) {
        Duration step = Duration.ofMinutes(30);
        for (Duration passed = Duration.ZERO; passed.compareTo(duration) < 0; passed = passed.plus(step)) {
            local.pass(step);
            clock.now();
        }
    }

    private List<String> notes() {
        try (Stream<BlobInfo> found = store.list("clock/")) {
            return found.map(BlobInfo::name).toList();
        }
    }
}
