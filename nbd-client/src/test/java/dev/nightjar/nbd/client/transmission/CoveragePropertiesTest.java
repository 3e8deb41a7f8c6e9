package dev.nightjar.nbd.client.transmission;

import static org.assertj.core.api.Assertions.assertThat;

import dev.nightjar.nbd.protocol.Violation;
import dev.nightjar.nbd.protocol.ViolationException;
import java.util.BitSet;
import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;

/** Against a set of bits. */
class CoveragePropertiesTest {

    @Property
    void claimsAreKnownByteByByte(@ForAll @IntRange(min = 1, max = 40) int length, @ForAll Random random) {
        Coverage coverage = new Coverage();
        BitSet claimed = new BitSet();
        for (int step = 0; step < 60; step++) {
            int start = random.nextInt(length);
            int end = start + 1 + random.nextInt(Math.min(4, length - start));
            boolean overlaps = claimed.get(start, end).cardinality() > 0;
            assertThat(refused(coverage, start, end)).isEqualTo(overlaps);
            claimed.set(start, end);
            if (overlaps) {
                return;
            }
            assertThat(coverage.complete(length)).isEqualTo(claimed.cardinality() == length);
        }
    }

    private static boolean refused(Coverage coverage, int start, int end) {
        try {
            coverage.claim(start, end);
            return false;
        } catch (ViolationException e) {
            assertThat(e.violation()).isEqualTo(Violation.DATA_OVERLAP);
            return true;
        }
    }
}
