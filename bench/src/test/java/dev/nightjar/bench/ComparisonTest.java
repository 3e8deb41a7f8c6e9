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
    void oursAndPeersAlternateAndTheFirstRunDoesNotCount() {
        List<String> order = new ArrayList<>();
        Row row = new Comparison(5, screen)
                .of("name", "MiB/s", 0.9, () -> next(order, "o", 100), () -> next(order, "p", 50));
        assertThat(order).hasSize(12).startsWith("o", "p", "o", "p");
        // 100 + 0 is the warm-up; 102, 104, 106, 108 and 110 count.
        assertThat(row.ours()).isEqualTo(106);
        assertThat(row.peer()).isEqualTo(57);
        assertThat(row.ratio()).isEqualTo(1.86);
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
