package dev.nightjar.storage.point;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.nightjar.storage.StorageErrorCode;
import dev.nightjar.storage.StorageException;
import dev.nightjar.storage.point.DamagedRanges.Range;
import java.util.BitSet;
import java.util.List;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;
import org.junit.jupiter.api.Test;

class DamagedRangesTest {

    @Test
    void thatWhichTouchesBecomesOne() {
        DamagedRanges damaged = DamagedRanges.NONE
                .with(new Range(1024, 512))
                .with(new Range(0, 512))
                .with(new Range(512, 512));
        assertThat(damaged.ranges()).containsExactly(new Range(0, 1536));
        assertThat(damaged.bytes()).isEqualTo(1536);
    }

    @Test
    void thatWhichIsReadAgainIsNotDamagedAnyMore() {
        DamagedRanges damaged = DamagedRanges.NONE.with(new Range(0, 1000)).without(new Range(200, 300));
        assertThat(damaged.ranges()).containsExactly(new Range(0, 200), new Range(500, 500));
        assertThat(damaged.without(new Range(0, 5000)).isEmpty()).isTrue();
    }

    @Test
    void moreThanAPointRecordsIsSaidToBeTooMuch() {
        DamagedRanges damaged = DamagedRanges.NONE;
        for (int i = 0; i < DamagedRanges.MAX_RANGES; i++) {
            damaged = damaged.with(new Range(i * 1024L, 512));
        }
        DamagedRanges full = damaged;
        assertThatThrownBy(() -> full.with(new Range(1L << 40, 512)))
                .isInstanceOfSatisfying(
                        StorageException.class,
                        e -> assertThat(e.code()).isEqualTo(StorageErrorCode.DAMAGE_TOO_SCATTERED));
    }

    @Property
    void itIsTheSetOfItsBytes(@ForAll @Size(max = 30) List<@IntRange(min = 0, max = 4095) Integer> steps) {
        BitSet model = new BitSet();
        DamagedRanges damaged = DamagedRanges.NONE;
        for (int step : steps) {
            int offset = step & 63;
            int length = 1 + (step >> 6 & 31);
            boolean removes = step >> 11 == 1;
            model.set(offset, offset + length, !removes);
            Range range = new Range(offset, length);
            damaged = removes ? damaged.without(range) : damaged.with(range);
        }
        BitSet bytes = new BitSet();
        damaged.ranges().forEach(range -> bytes.set((int) range.offset(), (int) range.end()));
        assertThat(bytes).isEqualTo(model);
    }
}
