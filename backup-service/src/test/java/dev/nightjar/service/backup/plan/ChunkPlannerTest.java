package dev.nightjar.service.backup.plan;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.nightjar.service.backup.plan.PlanStep.Action;
import dev.nightjar.storage.chunk.ChunkSize;
import java.util.ArrayList;
import java.util.List;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;

class ChunkPlannerTest {

    private static final int CHUNK = ChunkSize.MIN_BYTES;

    @Example
    void followsTheRuleTable() {
        assertThat(plan(4 * CHUNK, clean(CHUNK), dirtyZero(CHUNK), dirtyData(CHUNK), cleanZero(CHUNK)))
                .containsExactly(
                        new PlanStep(Action.KEEP, 0, CHUNK),
                        new PlanStep(Action.ZERO, CHUNK, CHUNK),
                        new PlanStep(Action.READ, 2 * CHUNK, CHUNK),
                        new PlanStep(Action.KEEP, 3 * CHUNK, CHUNK));
    }

    @Example
    void recordsWhatTheGuestDiscardedAsZeros() {
        assertThat(plan(2 * CHUNK, clean(CHUNK), dirtyZero(CHUNK)))
                .containsExactly(new PlanStep(Action.KEEP, 0, CHUNK), new PlanStep(Action.ZERO, CHUNK, CHUNK));
    }

    @Example
    void roundsADirtySectorOutToItsChunk() {
        assertThat(plan(3 * CHUNK, clean(CHUNK + 512), dirtyData(512), clean(2 * CHUNK - 1024)))
                .containsExactly(
                        new PlanStep(Action.KEEP, 0, CHUNK),
                        new PlanStep(Action.READ, CHUNK, CHUNK),
                        new PlanStep(Action.KEEP, 2 * CHUNK, CHUNK));
    }

    @Example
    void readsAChunkThatIsPartlyZeroAndPartlyData() {
        assertThat(plan(CHUNK, dirtyZero(CHUNK - 1), dirtyData(1)))
                .containsExactly(new PlanStep(Action.READ, 0, CHUNK));
    }

    @Example
    void readsADirtyZeroChunkWhoseCleanPartIsData() {
        assertThat(plan(CHUNK, dirtyZero(512), clean(CHUNK - 512)))
                .containsExactly(new PlanStep(Action.READ, 0, CHUNK));
    }

    @Example
    void leavesTheLastChunkAsShortAsTheDisk() {
        assertThat(plan(CHUNK + 700, dirtyZero(CHUNK + 500), dirtyData(200)))
                .containsExactly(new PlanStep(Action.ZERO, 0, CHUNK), new PlanStep(Action.READ, CHUNK, 700));
    }

    @Example
    void joinsNeighboursOfTheSameKind() {
        assertThat(plan(4 * CHUNK, dirtyData(CHUNK), dirtyData(2 * CHUNK), dirtyData(CHUNK)))
                .containsExactly(new PlanStep(Action.READ, 0, 4 * CHUNK));
    }

    @Example
    void plansNothingForAnEmptyDisk() {
        assertThat(plan(0)).isEmpty();
    }

    @Example
    void refusesGapsOverlapsAndWhatLeavesTheDisk() {
        ChunkPlanner planner = new ChunkPlanner(2 * CHUNK, new ChunkSize(CHUNK), _ -> {});
        planner.extent(0, CHUNK, true, false);
        assertThatThrownBy(() -> planner.extent(CHUNK + 1, 10, true, false))
                .isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> planner.extent(CHUNK - 1, 10, true, false))
                .isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> planner.extent(CHUNK, CHUNK + 1, true, false))
                .isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(planner::finish).isInstanceOf(IllegalStateException.class);
    }

    @Example
    void reachesTheEndOfTheLargestDisk() {
        long size = Long.MAX_VALUE;
        List<PlanStep> steps = new ArrayList<>();
        ChunkPlanner planner = new ChunkPlanner(size, ChunkSize.DEFAULT, steps::add);
        planner.extent(0, size - 1, true, true);
        planner.extent(size - 1, 1, true, false);
        planner.finish();
        long last = size - size % ChunkSize.DEFAULT.bytes();
        assertThat(steps)
                .containsExactly(new PlanStep(Action.ZERO, 0, last), new PlanStep(Action.READ, last, size - last));
    }

    @Property
    void agreesWithAModelThatAsksEverySectorOfEveryChunk(@ForAll("disks") List<Piece> disk) {
        long size = disk.stream().mapToLong(Piece::length).sum();
        List<PlanStep> steps = plan(size, disk.toArray(Piece[]::new));
        List<Action> perChunk = new ArrayList<>();
        long end = 0;
        Action before = null;
        for (PlanStep step : steps) {
            assertThat(step.offset()).isEqualTo(end);
            assertThat(step.offset() % CHUNK).isZero();
            assertThat(step.action()).isNotEqualTo(before);
            end = step.end();
            assertThat(end % CHUNK == 0 || end == size).isTrue();
            before = step.action();
            for (long at = step.offset(); at < end; at += CHUNK) {
                perChunk.add(step.action());
            }
        }
        assertThat(end).isEqualTo(size);
        assertThat(perChunk).isEqualTo(model(disk, size));
    }

    @Property
    void addsUpToTheDisk(@ForAll("disks") List<Piece> disk) {
        long size = disk.stream().mapToLong(Piece::length).sum();
        PlanTotals totals = new PlanTotals();
        plan(size, disk.toArray(Piece[]::new)).forEach(totals);
        assertThat(totals.keepBytes() + totals.zeroBytes() + totals.readBytes()).isEqualTo(size);
        assertThat(totals.dirtyBytes()).isEqualTo(size - totals.keepBytes());
    }

    @Provide
    Arbitrary<List<Piece>> disks() {
        Arbitrary<Long> length = Arbitraries.oneOf(
                Arbitraries.longs().between(1, 4).map(n -> n * 512),
                Arbitraries.longs().between(1, 3).map(n -> n * CHUNK),
                Arbitraries.longs().between(1, 3L * CHUNK));
        Arbitrary<Boolean> bit = Arbitraries.of(true, false);
        return Combinators.combine(length, bit, bit).as(Piece::new).list().ofMaxSize(24);
    }

    private static List<Action> model(List<Piece> disk, long size) {
        int chunks = Math.toIntExact(Math.ceilDiv(size, (long) CHUNK));
        boolean[] dirty = new boolean[chunks];
        boolean[] data = new boolean[chunks];
        long at = 0;
        for (Piece piece : disk) {
            for (long i = 0; i < piece.length(); i++) {
                int chunk = (int) ((at + i) / CHUNK);
                dirty[chunk] |= piece.dirty();
                data[chunk] |= !piece.zero();
            }
            at += piece.length();
        }
        List<Action> actions = new ArrayList<>();
        for (int i = 0; i < chunks; i++) {
            actions.add(!dirty[i] ? Action.KEEP : data[i] ? Action.READ : Action.ZERO);
        }
        return actions;
    }

    private static List<PlanStep> plan(long size, Piece... pieces) {
        List<PlanStep> steps = new ArrayList<>();
        ChunkPlanner planner = new ChunkPlanner(size, new ChunkSize(CHUNK), steps::add);
        long at = 0;
        for (Piece piece : pieces) {
            planner.extent(at, piece.length(), piece.dirty(), piece.zero());
            at += piece.length();
        }
        planner.finish();
        return steps;
    }

    record Piece(long length, boolean dirty, boolean zero) {}

    private static Piece clean(long length) {
        return new Piece(length, false, false);
    }

    private static Piece cleanZero(long length) {
        return new Piece(length, false, true);
    }

    private static Piece dirtyData(long length) {
        return new Piece(length, true, false);
    }

    private static Piece dirtyZero(long length) {
        return new Piece(length, true, true);
    }
}
