package dev.nightjar.storage.serve;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Random;
import org.junit.jupiter.api.Test;

class SequentialReadsTest {

    private static final long AHEAD = 8L << 20;
    private static final int READ = 256 * 1024;
    private static final long SIZE = 1L << 40;

    private final SequentialReads reads = new SequentialReads(AHEAD, SIZE);

    @Test
    void whoReadsFromFrontToBackFindsEverythingLoadedButTheBeginning() {
        long loadedTo = 0;
        for (int i = 0; i < 1000; i++) {
            long offset = (long) i * READ;
            if (i > 4) {
                assertThat(loadedTo).as("read %d", i).isGreaterThanOrEqualTo(offset + READ);
            }
            Span span = reads.note(offset, READ);
            if (span != null) {
                assertThat(span.from()).isGreaterThanOrEqualTo(loadedTo);
                assertThat(span.to() - offset).isLessThanOrEqualTo(AHEAD + READ);
                loadedTo = span.to();
            }
        }
    }

    @Test
    void whoReadsHereAndThereCausesNothing() {
        Random random = new Random(7);
        for (int i = 0; i < 10_000; i++) {
            assertThat(reads.note(random.nextLong(SIZE - READ), 4096)).isNull();
        }
    }

    @Test
    void fourReadersWithSixteenRequestsInFlightAreAllRecognised() {
        Random random = new Random(3);
        boolean[] recognised = new boolean[4];
        for (int window = 0; window < 20; window++) {
            for (int i = 0; i < 64; i++) {
                int reader = random.nextInt(4);
                long offset = reader * (SIZE / 4) + (window * 16L + random.nextInt(16)) * READ;
                recognised[reader] |= reads.note(offset, READ) != null;
            }
        }
        assertThat(recognised).containsOnly(true);
    }

    @Test
    void nothingIsLoadedBeyondTheEnd() {
        SequentialReads small = new SequentialReads(AHEAD, 10L * READ);
        for (int i = 0; i < 10; i++) {
            Span span = small.note((long) i * READ, READ);
            if (span != null) {
                assertThat(span.to()).isEqualTo(10L * READ);
            }
        }
        assertThat(small.note(9L * READ, READ)).isNull();
    }
}
