package dev.nightjar.storage.repository;

import static org.assertj.core.api.Assertions.assertThat;

import dev.nightjar.storage.StorageErrorCode;
import dev.nightjar.storage.StorageException;
import dev.nightjar.storage.blob.MemoryBlobStore;
import dev.nightjar.storage.catalog.MortalPostgres;
import dev.nightjar.storage.catalog.WirePeer.Cut;
import dev.nightjar.storage.repository.FaultBench.Operation;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * PostgreSQL fails at each commit, and at requests in between, of everything that is done with a repository: it is killed before it has heard or after it has done it,
 * or only the answer is lost. A run whose last commit was done says so if anybody can find out.
 */
@Timeout(3600)
class PostgresIT {

    private static final Duration IN_TESTS = Duration.ofSeconds(8);

    /** A server that is killed or gone takes so many times as long as a connection that breaks. */
    private static final int RARELY = 4;

    @TempDir
    Path directory;

    /** One fault to try. */
    private record Case(Operation operation, boolean commits, int number, Cut cut, boolean last) {

        /** The commit that makes a point complete: its answer is lost, or the server never hears of it and nobody can look. */
        boolean decides() {
            return last
                    && commits
                    && (operation == Operation.FULL || operation == Operation.INCREMENT)
                    && (cut == Cut.AFTERWARDS || cut == Cut.KILLED_BEFORE);
        }
    }

    @Test
    void aDatabaseThatBreaksAnywhereLosesNothingAndIsReportedTruthfully() {
        Campaign campaign = Campaign.begin("postgres", IN_TESTS);
        Random random = campaign.random();
        try (MortalPostgres postgres = MortalPostgres.start(directory);
                FaultBench bench = new FaultBench(new MemoryBlobStore(), postgres.create("nightjar"), random)) {
            Map<Cut, Integer> done = new EnumMap<>(Cut.class);
            int survived = 0;
            boolean first = true;
            while (first || campaign.hasTime()) {
                for (Case one : cases(bench, postgres, random)) {
                    if ((!first || !campaign.whole()) && !campaign.hasTime()) {
                        break;
                    }
                    StorageErrorCode code = attempt(bench, postgres, one);
                    String what = campaign.seeded(one.toString());
                    assertThat(postgres.lentConnections())
                            .as("connections not given back, " + what)
                            .isZero();
                    assertThat(code).as(what).isIn(null, StorageErrorCode.CATALOG_UNAVAILABLE);
                    survived += code == null ? 1 : 0;
                    done.merge(one.cut, 1, Integer::sum);
                    bench.settle(reachable(one.cut), what);
                    bench.check(what);
                    if (code != null) {
                        bench.repeat(one.operation);
                        bench.check(what);
                    }
                }
                first = false;
            }
            bench.checkFromScratch();
            campaign.report(done + ", of which " + survived + " did no harm; " + bench.found()
                    + " points were complete although nobody was told");
        }
    }

    /** Whether a run can look what has become of its last commit. */
    private static boolean reachable(Cut cut) {
        return switch (cut) {
            case BEFORE, AFTERWARDS -> true;
            case AFTERWARDS_AND_GONE, KILLED_BEFORE, KILLED_AFTERWARDS -> false;
        };
    }

    private static @Nullable StorageErrorCode attempt(FaultBench bench, MortalPostgres postgres, Case one) {
        bench.prepare(one.operation);
        boolean kills = one.cut == Cut.KILLED_BEFORE || one.cut == Cut.KILLED_AFTERWARDS;
        postgres.wire().arm(one.commits, one.number, one.cut, kills ? postgres::kill : bench::look);
        try {
            bench.perform(one.operation);
            return null;
        } catch (StorageException e) {
            return e.code();
        } finally {
            boolean happened = postgres.wire().disarm();
            if (happened && kills) {
                postgres.restart();
            }
            postgres.forgetConnections();
        }
    }

    /** Every operation is done once without a fault, to see what it asks for. */
    private static List<Case> cases(FaultBench bench, MortalPostgres postgres, Random random) {
        List<Case> cases = new ArrayList<>();
        for (Operation operation : Operation.values()) {
            for (boolean commits : new boolean[] {true, false}) {
                bench.prepare(operation);
                postgres.wire().arm(commits, 0, Cut.BEFORE, () -> {});
                bench.perform(operation);
                int seen = postgres.wire().seen();
                for (Cut cut : Cut.values()) {
                    IntStream.rangeClosed(1, seen)
                            .filter(_ -> commits || random.nextInt(30) == 0)
                            .forEach(number -> cases.add(new Case(operation, commits, number, cut, number == seen)));
                }
            }
        }
        Collections.shuffle(cases, random);
        return inTurn(cases);
    }

    /** What a sample must not go without comes first; then they take turns by how they break, those that take long less often. */
    private static List<Case> inTurn(List<Case> cases) {
        Map<Cut, Integer> turns = new EnumMap<>(Cut.class);
        Map<Case, Integer> turn = new HashMap<>();
        cases.forEach(one ->
                turn.put(one, one.decides() ? 0 : turns.merge(one.cut, reachable(one.cut) ? 1 : RARELY, Integer::sum)));
        return cases.stream().sorted(Comparator.comparing(turn::get)).toList();
    }
}
