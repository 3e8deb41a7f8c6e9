package dev.nightjar.bench;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.OutputStream;
import java.io.PrintStream;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class ComparisonTest {

    private final Screen screen = new Screen(new PrintStream(OutputStream.nullOutputStream()));

    @Test
    void oursAndPeersAlternateAndTheFirstRunsDoNotCount() {
        List<String> order = new ArrayList<>();
        Row row = new Comparison(5, screen)
                .of("name", "MiB/s", 0.9, () -> next(order, "o", 100), () -> next(order, "p", 50));
        assertThat(order).hasSize(16).startsWith("o", "p", "o", "p");
        // 100, 102 and 104 are the warm-up; 106, 108, 110, 112 and 114 count.
        assertThat(row.ours()).isEqualTo(110);
        assertThat(row.peer()).isEqualTo(61);
        assertThat(row.ratio()).isEqualTo(1.803);
        assertThat(row.runs()).isEqualTo(5);
        assertThat(row.reached()).isTrue();
    }

    private static double next(List<String> order, String who, double base) {
        order.add(who);
        return base + order.size() - 1;
    }

    @Test
    void oneSlowRunDoesNotMoveTheMedian() {
        assertThat(Comparison.median(List.of(3.0, 1000.0, 1.0, 2.0, 4.0))).isEqualTo(3);
        assertThat(Comparison.median(List.of(4.0, 1.0, 2.0, 3.0))).isEqualTo(2.5);
    }

    @Test
    void aRowWithoutPeerIsReachedBelowItsGoal() {
        assertThat(new Comparison(5, screen).alone("n", "ms", 100, () -> 80).reached())
                .isTrue();
        assertThat(new Comparison(5, screen).alone("n", "ms", 100, () -> 120).reached())
                .isFalse();
    }
}
