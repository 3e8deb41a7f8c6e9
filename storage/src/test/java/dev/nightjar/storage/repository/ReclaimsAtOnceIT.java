package dev.nightjar.storage.repository;

import static org.assertj.core.api.Assertions.assertThat;

import dev.nightjar.storage.blob.MemoryBlobStore;
import dev.nightjar.storage.catalog.CatalogServer;
import dev.nightjar.storage.key.Unlock;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Random;
import java.util.UUID;
import java.util.function.Consumer;
import javax.sql.DataSource;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** At each place of a reclaim another process makes points, deletes them, and reclaims, more than once: neither of the two takes anything from the other. */
@Timeout(600)
class ReclaimsAtOnceIT {

    private static final int DISK_BYTES = 60_000;

    private final MemoryBlobStore blobs = new MemoryBlobStore();
    private final DataSource database = CatalogServer.freshDatabase();
    private final Random random = new Random(17);
    private final Map<UUID, byte[]> points = new LinkedHashMap<>();
    private int placesUntil;

    @Test
    void whereverAnotherReclaimComesInBetweenTheCatalogAndThePointsStayWhole() {
        try (Repository quiet = Workbench.create(blobs, database);
                Repository stepped = open(() -> changeAndReclaim(quiet))) {
            int place = 0;
            do {
                place++;
                leaveSomethingToReclaim(quiet);
                placesUntil = place;
                stepped.reclaim(InterleavingBench.AT_ONCE);
                String what = "another one at place " + place;
                assertThat(quiet.catalogState()).as(what).isEqualTo(CatalogState.MATCHES);
                points.forEach((point, bytes) ->
                        assertThat(Workbench.restore(quiet, point)).as(what).isEqualTo(bytes));
            } while (placesUntil <= 0);
            assertThat(place).isGreaterThan(20);
        }
    }

    private Repository open(Runnable meanwhile) {
        Consumer<String> border = where -> {
            // With locks held the other one would wait for us.
            if (!SteppedDatabase.withinTransaction() && --placesUntil == 0) {
                meanwhile.run();
            }
        };
        return Repository.open(
                new SteppedStore(blobs, border), new Unlock.Nothing(), SteppedDatabase.of(database, border, random));
    }

    /** A point that is gone, and another one with much of its content. */
    private void leaveSomethingToReclaim(Repository repository) {
        while (points.size() > 1) {
            delete(repository, points.keySet().iterator().next());
        }
        DiskModel disk = new DiskModel(DISK_BYTES, Workbench.CHUNK);
        disk.scribble(random, 12);
        UUID first = capture(repository, disk);
        disk.scribble(random, 3);
        capture(repository, disk);
        delete(repository, first);
    }

    private void changeAndReclaim(Repository repository) {
        repository.reclaim(InterleavingBench.AT_ONCE);
        leaveSomethingToReclaim(repository);
        repository.reclaim(InterleavingBench.AT_ONCE);
    }

    private UUID capture(Repository repository, DiskModel disk) {
        UUID point = Workbench.capture(repository, disk, null).id();
        points.put(point, disk.bytes.clone());
        return point;
    }

    private void delete(Repository repository, UUID point) {
        repository.deletePoint(point);
        points.remove(point);
    }
}
