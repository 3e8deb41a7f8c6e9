package dev.nightjar.storage.repository;

import static org.assertj.core.api.Assertions.assertThat;

import dev.nightjar.storage.StorageErrorCode;
import dev.nightjar.storage.StorageException;
import dev.nightjar.storage.blob.DirectoryBlobStore;
import dev.nightjar.storage.blob.FaultyFiles;
import dev.nightjar.storage.blob.FaultyStore;
import dev.nightjar.storage.blob.MemoryBlobStore;
import dev.nightjar.storage.catalog.CatalogServer;
import dev.nightjar.storage.repository.FaultBench.Operation;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * Full, increment, deletion, reclaim, rebuild and restore with one fault at each of the operations that they ask of file system and store: what was going on fails with
 * the fault's own code or gets over it, everything that was acknowledged stays whole, and the same thing done again works.
 */
@Timeout(3600)
class FaultsIT {

    private static final Duration IN_TESTS = Duration.ofSeconds(6);

    /** The others write nothing. */
    private static final Set<Operation> WRITING =
            EnumSet.of(Operation.FULL, Operation.INCREMENT, Operation.DELETE, Operation.RECLAIM);

    @TempDir
    Path directory;

    /** One fault to try. */
    private record Case(Operation operation, int fault, int number) {}

    /** What makes operations fail. */
    private interface Injector {
        void arm(int number, int fault);

        @Nullable
        String disarm();

        int operations();

        StorageErrorCode code(int fault);

        /** What failed and was not done again, so that what was going on must have failed. */
        Set<Path> unsettled();
    }

    @Test
    void aFaultOfTheFileSystemFailsWhatIsGoingOnAndNothingElse() throws IOException {
        FaultyFiles files = new FaultyFiles();
        FaultyFiles.Fault[] faults = FaultyFiles.Fault.values();
        Injector injector = new Injector() {
            @Override
            public void arm(int number, int fault) {
                files.arm(number, faults[fault]);
            }

            @Override
            public @Nullable String disarm() {
                return files.disarm();
            }

            @Override
            public int operations() {
                return files.operations();
            }

            @Override
            public StorageErrorCode code(int fault) {
                return faults[fault] == FaultyFiles.Fault.NO_SPACE
                        ? StorageErrorCode.REPOSITORY_FULL
                        : StorageErrorCode.REPOSITORY_IO_ERROR;
            }

            @Override
            public Set<Path> unsettled() {
                // Where only packs have gone: one that comes back after a crash is one that nobody knows, and goes
                // again.
                return files.unsyncedDirectories().stream()
                        .filter(each -> !each.toString().contains("/packs/") || files.hasNewNamesIn(each))
                        .collect(Collectors.toSet());
            }
        };
        Campaign campaign = Campaign.begin("faults of the file system", IN_TESTS);
        try (FaultBench bench =
                new FaultBench(files.store(directory), CatalogServer.freshDatabase(), campaign.random())) {
            tryAll(campaign, bench, injector, faults.length, WRITING);
        }
        assertThat(files.brokenRules()).isEmpty();
        DirectoryBlobStore.open(directory);
        try (Stream<Path> left = Files.list(directory.resolve("tmp"))) {
            assertThat(left).isEmpty();
        }
    }

    @Test
    void aFaultOfTheStoreFailsWhatIsGoingOnAndIsNeverTakenForDamage() {
        FaultyStore store = new FaultyStore(new MemoryBlobStore());
        FaultyStore.Fault[] faults = FaultyStore.Fault.values();
        Injector injector = new Injector() {
            @Override
            public void arm(int number, int fault) {
                store.arm(number, faults[fault]);
            }

            @Override
            public @Nullable String disarm() {
                return store.disarm();
            }

            @Override
            public int operations() {
                return store.operations();
            }

            @Override
            public StorageErrorCode code(int fault) {
                return faults[fault].code();
            }

            @Override
            public Set<Path> unsettled() {
                return Set.of();
            }
        };
        Campaign campaign = Campaign.begin("faults of the store", IN_TESTS);
        try (FaultBench bench = new FaultBench(store, CatalogServer.freshDatabase(), campaign.random())) {
            tryAll(campaign, bench, injector, faults.length, EnumSet.allOf(Operation.class));
        }
    }

    private static void tryAll(
            Campaign campaign, FaultBench bench, Injector injector, int faults, Set<Operation> concerned) {
        Random random = campaign.random();
        Map<Operation, Integer> injected = new EnumMap<>(Operation.class);
        int survived = 0;
        boolean first = true;
        while (first || campaign.hasTime()) {
            List<Case> cases = cases(bench, injector, faults, random);
            for (Case one : cases) {
                if ((!first || !campaign.whole()) && !campaign.hasTime()) {
                    break;
                }
                bench.prepare(one.operation);
                injector.arm(one.number, one.fault);
                StorageErrorCode code = attempt(bench, one.operation);
                String failed = injector.disarm();
                String what = campaign.seeded(one + " " + failed);
                if (failed == null) {
                    assertThat(code).as(what).isNull();
                } else {
                    injected.merge(one.operation, 1, Integer::sum);
                    survived += code == null ? 1 : 0;
                    assertThat(code).as(what).isIn(null, injector.code(one.fault));
                }
                if (code == null) {
                    assertThat(injector.unsettled()).as("not durable, " + what).isEmpty();
                }
                bench.check(what);
                if (code != null) {
                    bench.repeat(one.operation);
                    bench.check(what);
                }
            }
            first = false;
        }
        bench.checkFromScratch();
        assertThat(injected).isNotEmpty();
        assertThat(concerned).containsAll(injected.keySet());
        assertThat(!campaign.whole() || injected.keySet().equals(concerned)).isTrue();
        campaign.report("faults injected " + injected + ", of which " + survived + " did no harm");
    }

    /** Every operation is done once without a fault, to see what it asks for; then they take turns. */
    private static List<Case> cases(FaultBench bench, Injector injector, int faults, Random random) {
        List<List<Case>> all = new ArrayList<>();
        for (Operation operation : Operation.values()) {
            List<Case> cases = new ArrayList<>();
            bench.prepare(operation);
            injector.arm(0, 0);
            bench.perform(operation);
            int operations = injector.operations();
            for (int fault = 0; fault < faults; fault++) {
                int how = fault;
                IntStream.rangeClosed(1, operations).forEach(number -> cases.add(new Case(operation, how, number)));
            }
            Collections.shuffle(cases, random);
            all.add(cases);
        }
        int most = all.stream().mapToInt(List::size).max().orElse(0);
        return IntStream.range(0, most)
                .boxed()
                .flatMap(turn ->
                        all.stream().filter(cases -> turn < cases.size()).map(cases -> cases.get(turn)))
                .toList();
    }

    private static @Nullable StorageErrorCode attempt(FaultBench bench, Operation operation) {
        try {
            bench.perform(operation);
            return null;
        } catch (StorageException e) {
            return e.code();
        }
    }
}
