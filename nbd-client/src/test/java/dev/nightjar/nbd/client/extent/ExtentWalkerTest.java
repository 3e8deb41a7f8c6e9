package dev.nightjar.nbd.client.extent;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.nightjar.nbd.client.extent.StatusSource.StatusReply;
import dev.nightjar.nbd.protocol.BlockStatus;
import dev.nightjar.nbd.protocol.Errno;
import dev.nightjar.nbd.protocol.ReplyMode;
import dev.nightjar.nbd.protocol.Violation;
import dev.nightjar.nbd.protocol.ViolationException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class ExtentWalkerTest {

    private static final Map<Long, String> ONE = Map.of(1L, "a");
    private static final List<String> NAMES = List.of("a");
    private static final long TIB = 1L << 40;

    /** Pairs of length and status. */
    private static StatusReply answer(long... pairs) {
        return new StatusReply.Statuses(List.of(BlockStatus.of(1, pairs)), ONE);
    }

    private static Extent extent(long offset, long length, long status) {
        return new Extent(offset, length, Map.of("a", status));
    }

    private static List<Extent> walk(StatusSource source, WalkLimits limits, long offset, long length) {
        List<Extent> extents = new ArrayList<>();
        new ExtentWalker(source, NAMES, limits).walk(offset, length, extents::add);
        return extents;
    }

    @Test
    void extendedHeadersAskForEverythingAtOnce() {
        List<Long> asked = new ArrayList<>();
        List<Extent> extents = walk(
                (offset, length) -> {
                    asked.add(length);
                    return answer(10 * TIB, 0);
                },
                WalkLimits.of(ReplyMode.EXTENDED, 1, TIB),
                0,
                10 * TIB);
        assertThat(asked).containsExactly(10 * TIB);
        assertThat(extents).containsExactly(extent(0, 10 * TIB, 0));
    }

    @Test
    void compactHeadersAskForLessThanTwoGibibytes() {
        List<Extent> extents = walk(
                (offset, length) -> {
                    assertThat(length).isLessThanOrEqualTo((2L << 30) - 65536);
                    assertThat(offset % 65536).isZero();
                    return answer(length, 1);
                },
                WalkLimits.of(ReplyMode.STRUCTURED, 65536, TIB),
                0,
                TIB);
        assertThat(extents).containsExactly(extent(0, TIB, 1));
    }

    @Test
    void theUpperHalfOfAStatusIsHandedOn() {
        long zoned = 0x8000_0001_0000_0003L;
        assertThat(walk((o, n) -> answer(n, zoned), WalkLimits.of(ReplyMode.EXTENDED, 1, TIB), 0, 512))
                .containsExactly(extent(0, 512, zoned));
    }

    @Test
    void anAnswerPastTheEndIsClipped() {
        assertThat(walk((o, n) -> answer(512, 1, TIB, 2), WalkLimits.of(ReplyMode.EXTENDED, 1, TIB), 1024, 1024))
                .containsExactly(extent(1024, 512, 1), extent(1536, 512, 2));
    }

    @Test
    void aRangeThatIsTooLongForTheServerIsHalvedUntilItFits() {
        List<Long> asked = new ArrayList<>();
        walk(
                (offset, length) -> {
                    asked.add(length);
                    return length > 65536
                            ? new StatusReply.Refused(Errno.EOVERFLOW, new IllegalStateException())
                            : answer(length, 0);
                },
                WalkLimits.of(ReplyMode.EXTENDED, 4096, TIB),
                0,
                1 << 18);
        assertThat(asked).containsExactly(1L << 18, 1L << 17, 1L << 16, 1L << 16, 1L << 16, 1L << 16);
    }

    @Test
    void aRefusalOfTheSmallestRangeIsTheWalksFailure() {
        RuntimeException refusal = new IllegalStateException("refused");
        assertThatThrownBy(() -> walk(
                        (o, n) -> new StatusReply.Refused(Errno.EINVAL, refusal),
                        WalkLimits.of(ReplyMode.EXTENDED, 512, TIB),
                        0,
                        TIB))
                .isSameAs(refusal);
    }

    @Test
    void anyOtherErrorIsNotAskedAgain() {
        RuntimeException broken = new IllegalStateException("broken");
        List<Long> asked = new ArrayList<>();
        assertThatThrownBy(() -> walk(
                        (o, n) -> {
                            asked.add(n);
                            return new StatusReply.Refused(Errno.EIO, broken);
                        },
                        WalkLimits.of(ReplyMode.EXTENDED, 512, TIB),
                        0,
                        TIB))
                .isSameAs(broken);
        assertThat(asked).hasSize(1);
    }

    @Test
    void aServerThatCreepsIsGivenUpAndWhatItSaidIsTrue() {
        List<Extent> extents = new ArrayList<>();
        ExtentWalker walker = new ExtentWalker((o, n) -> answer(1, o % 2), NAMES, new WalkLimits(TIB, 1, 100));
        assertThatExceptionOfType(ViolationException.class)
                .isThrownBy(() -> walker.walk(0, TIB, extents::add))
                .satisfies(e -> assertThat(e.violation()).isEqualTo(Violation.STATUS_ROUNDS));
        assertThat(extents).hasSize(99).endsWith(extent(98, 1, 0));
    }

    @Test
    void lengthsThatOverflowAreRefusedEvenAtTheEndOfTheLargestExport() {
        long last = Long.MAX_VALUE - 1024;
        assertThat(walk((o, n) -> answer(n, 0), WalkLimits.of(ReplyMode.EXTENDED, 1, TIB), last, 1024))
                .containsExactly(extent(last, 1024, 0));
        for (StatusReply reply : List.of(answer(1025, 0), answer(512, 0, Long.MAX_VALUE, 0), answer(-1, 0))) {
            assertThatExceptionOfType(ViolationException.class)
                    .isThrownBy(() -> walk((o, n) -> reply, WalkLimits.of(ReplyMode.EXTENDED, 1, TIB), last, 1024))
                    .satisfies(e -> assertThat(e.violation()).isEqualTo(Violation.STATUS_OVERFLOW));
        }
    }

    @Test
    void withoutContextsNothingIsAskedAndNothingIsClaimed() {
        List<Extent> extents = new ArrayList<>();
        StatusSource never = (o, n) -> {
            throw new AssertionError("asked");
        };
        new ExtentWalker(never, List.of(), WalkLimits.of(ReplyMode.SIMPLE, 1, TIB)).walk(512, 1024, extents::add);
        assertThat(extents).containsExactly(new Extent(512, 1024, Map.of()));
        assertThatIllegalArgumentException()
                .as("the absence of a context never reads as clean")
                .isThrownBy(() -> extents.getFirst().status("qemu:dirty-bitmap:b"));
    }
}
