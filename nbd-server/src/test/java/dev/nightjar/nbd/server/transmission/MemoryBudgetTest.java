package dev.nightjar.nbd.server.transmission;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import dev.nightjar.nbd.protocol.BlockStatusWriter;
import dev.nightjar.nbd.protocol.ReplyMode;
import io.netty.buffer.Unpooled;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class MemoryBudgetTest {

    private final List<String> granted = new ArrayList<>();

    @Test
    void whoWaitsIsServedInTheOrderOfAsking() {
        MemoryBudget budget = new MemoryBudget(100);
        assertThat(budget.claim(80, () -> granted.add("first"))).isNull();
        assertThat(budget.claim(50, () -> granted.add("large"))).isNotNull();
        assertThat(budget.claim(10, () -> granted.add("small")))
                .as("behind the large one")
                .isNotNull();
        assertThat(budget.tryClaim(1)).isFalse();
        budget.release(30);
        assertThat(granted).containsExactly("large");
        budget.release(50);
        assertThat(granted).containsExactly("large", "small");
        assertThat(budget.heldBytes()).isEqualTo(60);
    }

    @Test
    void whoNoLongerWaitsIsNotServed() {
        MemoryBudget budget = new MemoryBudget(100);
        assertThat(budget.tryClaim(100)).isTrue();
        MemoryBudget.Waiter waiter = budget.claim(60, () -> granted.add("gone"));
        assertThat(waiter.cancel()).isTrue();
        budget.release(100);
        assertThat(granted).isEmpty();
        assertThat(budget.heldBytes()).isZero();
        assertThat(waiter.cancel()).isFalse();
        assertThatIllegalStateException().isThrownBy(() -> budget.release(1));
    }

    @Test
    void blockStatusEndsWhereTheMemoryDoes() {
        MemoryBudget budget = new MemoryBudget(3 * StatusCollector.STEP);
        budget.tryClaim(StatusCollector.STEP);
        Reservation memory = new Reservation(budget, StatusCollector.STEP, budget);
        BlockStatusWriter writer = new BlockStatusWriter(Unpooled.buffer(), ReplyMode.EXTENDED, 1);
        StatusCollector collector =
                new StatusCollector(writer, memory, ReplyMode.EXTENDED, 1 << 20, 1L << 40, 1L << 40);
        int told = 0;
        while (collector.extent(512, told % 2)) {
            told++;
        }
        collector.finish();
        assertThat(writer.count()).isEqualTo(3 * StatusCollector.STEP / 16);
        assertThat(budget.heldBytes()).isEqualTo(3 * StatusCollector.STEP);
        memory.release();
        assertThat(budget.heldBytes()).isZero();
    }
}
