package dev.nightjar.service.repository;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.nightjar.storage.blob.s3.S3Credentials;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class WrittenAccessKeyTest {

    private static final S3Credentials OLD = new S3Credentials("old", "secret");
    private static final S3Credentials NEW = new S3Credentials("new", "secret");

    private Optional<S3Credentials> written = Optional.of(OLD);
    private boolean databaseGone;
    private int lookUps;
    private long waited;
    private long time = Long.MAX_VALUE - 1;

    @Test
    void aChangedKeyCountsAfterAWhile() {
        WrittenAccessKey key = new WrittenAccessKey(this::lookUp, () -> time);
        written = Optional.of(NEW);
        assertThat(key.get()).contains(OLD);
        // The clock may run over.
        time += WrittenAccessKey.LAG.toNanos();
        assertThat(key.get()).contains(NEW);
        written = Optional.empty();
        time += WrittenAccessKey.LAG.toNanos();
        assertThat(key.get()).isEmpty();
    }

    @Test
    void itIsNotLookedUpAtEveryRequest() {
        WrittenAccessKey key = new WrittenAccessKey(this::lookUp, () -> time);
        for (int request = 0; request < 1000; request++) {
            time += WrittenAccessKey.LAG.toNanos() / 100;
            key.get();
        }
        assertThat(lookUps).isEqualTo(11);
    }

    @Test
    void theLastOneGoesOnWhileItCannotBeLookedUp() {
        WrittenAccessKey key = new WrittenAccessKey(this::lookUp, () -> time);
        written = Optional.of(NEW);
        databaseGone = true;
        time += WrittenAccessKey.LAG.toNanos();
        assertThat(key.get()).contains(OLD);
        databaseGone = false;
        time += WrittenAccessKey.LAG.toNanos();
        assertThat(key.get()).contains(NEW);
    }

    @Test
    void whoeverHasWaitedForADatabaseThatIsAwayDoesNotWaitAgainAtOnce() {
        WrittenAccessKey key = new WrittenAccessKey(this::lookUp, () -> time);
        databaseGone = true;
        waited = 10 * WrittenAccessKey.LAG.toNanos();
        time += WrittenAccessKey.LAG.toNanos();
        key.get();
        key.get();
        assertThat(lookUps).isEqualTo(2);
    }

    @Test
    void theFirstLookUpSaysWhatIsWrong() {
        databaseGone = true;
        assertThatThrownBy(() -> new WrittenAccessKey(this::lookUp, () -> time)).hasMessage("gone");
    }

    private Optional<S3Credentials> lookUp() {
        lookUps++;
        time += waited;
        if (databaseGone) {
            throw new IllegalStateException("gone");
        }
        return written;
    }
}
