package dev.nightjar.storage.repository;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.nightjar.storage.StorageErrorCode;
import dev.nightjar.storage.StorageException;
import dev.nightjar.storage.blob.BlobInfo;
import dev.nightjar.storage.blob.MemoryBlobStore;
import dev.nightjar.storage.catalog.CatalogDatabase;
import dev.nightjar.storage.catalog.CatalogServer;
import dev.nightjar.storage.catalog.MortalPostgres;
import dev.nightjar.storage.catalog.RepositoryTable;
import dev.nightjar.storage.key.Unlock;
import dev.nightjar.storage.rebuild.ProgressListener;
import dev.nightjar.storage.repository.FaultBench.Operation;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Random;
import java.util.UUID;
import java.util.stream.Stream;
import javax.sql.DataSource;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * A catalog is put back from a dump, and the repository went on meanwhile in any way. Either the catalog is turned away until it is rebuilt, or it is as good as the lost
 * one: nothing that a point needs is ever touched.
 */
@Timeout(3600)
class StaleCatalogIT {

    private static final Duration IN_TESTS = Duration.ofSeconds(6);
    private static final Operation[] HISTORY = {
        Operation.FULL, Operation.INCREMENT, Operation.INCREMENT, Operation.DELETE, Operation.RECLAIM
    };

    @TempDir
    Path directory;

    private final MemoryBlobStore blobs = new MemoryBlobStore();
    private int dumps;
    private int turnedAway;

    @Test
    void aCatalogFromADumpIsTurnedAwayUnlessItIsAsGoodAsTheLostOne() {
        Campaign campaign = Campaign.begin("stale catalogs", IN_TESTS);
        Random random = campaign.random();
        try (MortalPostgres postgres = MortalPostgres.start(directory);
                FaultBench bench = new FaultBench(blobs, postgres.create("nightjar"), random)) {
            while (campaign.hasTime()) {
                goOn(bench, random, 4);
                dumps++;
                // The same points as before: what has changed is where their content lies.
                boolean reclaimsOnly = dumps % 3 == 1;
                if (reclaimsOnly) {
                    bench.prepare(Operation.RECLAIM);
                }
                DataSource dump = postgres.copy("nightjar", "dump" + dumps);
                if (reclaimsOnly) {
                    // The first one condemns, the next one deletes.
                    reclaim(bench, 2 + random.nextInt(2));
                } else {
                    goOn(bench, random, 3);
                }
                String what = campaign.seeded("dump " + dumps);
                restoreFrom(dump, bench, what);
                // What the restored catalog did not know is new to the one that was never lost.
                bench.perform(Operation.REBUILD);
                bench.check(what);
            }
            bench.checkFromScratch();
        }
        campaign.report(
                dumps + " dumps put back, " + turnedAway + " of them turned away until the catalog was rebuilt");
        assertThat(turnedAway).isPositive();
    }

    @Test
    void aDeletionAndAReclaimThatCondemnsBeginAnEpochEachAndACatalogThatIsBehindStaysBehind() {
        DataSource database = CatalogServer.freshDatabase();
        DiskModel disk = new DiskModel(100_000, Workbench.CHUNK);
        disk.scribble(new Random(1), 20);
        try (Repository repository = Workbench.create(blobs, database)) {
            UUID first = Workbench.capture(repository, disk, null).id();
            disk.scribble(new Random(2), 20);
            UUID second = Workbench.capture(repository, disk, null).id();
            assertThat(epoch()).isZero();
            repository.deletePoint(first);
            assertThat(epoch()).isEqualTo(1);
            assertThat(repository.reclaim(FaultBench.AT_ONCE).condemnedPacks()).isPositive();
            assertThat(epoch()).isEqualTo(2);
            CatalogDatabase.open(database)
                    .transact(connection ->
                            new RepositoryTable(repository.config().repositoryId()).setReclaimEpoch(connection, 1));
            repository.deletePoint(second);
            assertThat(repository.catalogState()).isEqualTo(CatalogState.NEEDS_REBUILD);
        }
    }

    private long epoch() {
        try (Stream<BlobInfo> numbers = blobs.list("reclaim/")) {
            return numbers.mapToLong(blob -> Long.parseLong(blob.name().substring("reclaim/".length())))
                    .max()
                    .orElse(0);
        }
    }

    private static void reclaim(FaultBench bench, int times) {
        for (int i = 0; i < times; i++) {
            bench.perform(Operation.RECLAIM);
        }
    }

    private static void goOn(FaultBench bench, Random random, int most) {
        for (int i = random.nextInt(most + 1); i > 0; i--) {
            Operation operation = HISTORY[random.nextInt(HISTORY.length)];
            if (operation == Operation.RECLAIM && random.nextBoolean()) {
                // Only what was condemned before goes.
                bench.perform(operation);
            } else {
                bench.prepare(operation);
                bench.perform(operation);
            }
        }
    }

    private void restoreFrom(DataSource dump, FaultBench bench, String what) {
        try (Repository repository = Repository.open(blobs, new Unlock.Nothing(), dump)) {
            if (repository.catalogState() == CatalogState.NEEDS_REBUILD) {
                turnedAway++;
                List<BlobInfo> before = everything();
                assertRefused(() -> repository.beginIngest(Workbench.lease()));
                assertRefused(() -> repository.reclaim(FaultBench.AT_ONCE));
                assertThat(everything()).as(what).isEqualTo(before);
                assertThat(repository.rebuild(ProgressListener.NONE).leftOutPoints())
                        .as(what)
                        .isEmpty();
            }
            bench.checkIn(repository, what);
            for (int i = 0; i < 3; i++) {
                repository.reclaim(FaultBench.AT_ONCE);
            }
            bench.checkIn(repository, what);
        }
    }

    private static void assertRefused(ThrowingCallable use) {
        assertThatThrownBy(use)
                .isInstanceOfSatisfying(
                        StorageException.class,
                        e -> assertThat(e.code()).isEqualTo(StorageErrorCode.CATALOG_NEEDS_REBUILD));
    }

    private List<BlobInfo> everything() {
        try (Stream<BlobInfo> found = blobs.list("")) {
            return found.toList();
        }
    }
}
