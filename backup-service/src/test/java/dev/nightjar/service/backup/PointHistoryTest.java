package dev.nightjar.service.backup;

import static org.assertj.core.api.Assertions.assertThat;

import dev.nightjar.storage.map.MapRoot;
import dev.nightjar.storage.point.CaptureMode;
import dev.nightjar.storage.point.Checkpoint;
import dev.nightjar.storage.point.DamagedRanges;
import dev.nightjar.storage.point.PointRecord;
import dev.nightjar.storage.point.PointTotals;
import java.time.Instant;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class PointHistoryTest {

    private static final UUID MACHINE = UUID.randomUUID();

    private final PointRecord captured = point("CRASH", new Checkpoint("nightjar-1", "node0"), Instant.EPOCH);
    private final PointRecord kept = point(PointRecord.KEPT, null, Instant.EPOCH.plusSeconds(60));
    private final PointHistory history = new PointHistory(List.of(captured, kept));

    @Test
    void aPointThatWasKeptOfAnExportIsNeverBuiltUpon() {
        assertThat(history.newest(MACHINE, "vda")).hasValue(captured);
        assertThat(new PointHistory(List.of(kept)).newest(MACHINE, "vda")).isEmpty();
    }

    @Test
    void noBitmapCountsFromAKeptPointEvenIfSomebodySaysSo() {
        assertThat(history.ofSet(kept.setId(), MACHINE, "vda")).isEmpty();
        assertThat(history.ofSet(captured.setId(), MACHINE, "vda")).hasValue(captured);
    }

    @Test
    void theCheckpointOfTheNewestCapturedPointStaysInUse() {
        assertThat(history.checkpointsInUse()).containsExactly("nightjar-1");
    }

    @Test
    void aNewPointComesAfterKeptOnesToo() {
        assertThat(history.after(MACHINE, Instant.EPOCH)).isAfter(kept.instant());
    }

    private static PointRecord point(String consistency, @Nullable Checkpoint checkpoint, Instant instant) {
        return new PointRecord(
                UUID.randomUUID(),
                UUID.randomUUID(),
                UUID.randomUUID(),
                MACHINE,
                "web-1",
                "vda",
                instant,
                0,
                MapRoot.zero(0),
                consistency,
                CaptureMode.FULL,
                checkpoint,
                null,
                new PointTotals(0, 0, 0, 0, 0),
                DamagedRanges.NONE,
                null);
    }
}
