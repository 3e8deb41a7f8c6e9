package dev.nightjar.storage.repository;

import static org.assertj.core.api.Assertions.assertThat;

import dev.nightjar.storage.blob.BlobInfo;
import dev.nightjar.storage.blob.MemoryBlobStore;
import dev.nightjar.storage.catalog.CatalogServer;
import dev.nightjar.storage.pack.PackTrash;
import dev.nightjar.storage.point.PointRecord;
import dev.nightjar.storage.reclaim.ReclaimLimits;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** A bucket may have a rule of its own, by which it keeps everything for a while. */
class RetainedTrashIT {

    private static final ReclaimLimits AT_ONCE = new ReclaimLimits(Duration.ZERO, 0.5, 1L << 30);

    private final SettableClock clock = new SettableClock(Instant.now());
    private final KeepingStore store = new KeepingStore(new MemoryBlobStore(), clock);
    private final DiskModel disk = new DiskModel(100 * Workbench.CHUNK, Workbench.CHUNK);

    @Test
    void whatTheStoreKeepsStaysInTheTrashAndTheRestIsDeleted() {
        byte[] noise = new byte[disk.bytes.length];
        new Random(7).nextBytes(noise);
        disk.write(0, noise);
        try (Repository repository = Workbench.create(store, CatalogServer.freshDatabase())) {
            PointRecord point = Workbench.capture(repository, disk, null);
            repository.deletePoint(point.id());
            repository.reclaim(AT_ONCE);
            repository.reclaim(AT_ONCE);
            List<String> trash = trash();
            assertThat(trash).hasSizeGreaterThan(1);
            store.retain(trash.getFirst(), clock.instant().plus(Duration.ofDays(30)));

            repository.reclaim(AT_ONCE);
            assertThat(trash()).containsExactly(trash.getFirst());
            clock.pass(Duration.ofDays(31));
            assertThat(repository.reclaim(AT_ONCE).freedBytes()).isPositive();
            assertThat(trash()).isEmpty();
        }
    }

    private List<String> trash() {
        try (Stream<BlobInfo> blobs = store.list(PackTrash.PREFIX)) {
            return blobs.map(BlobInfo::name).toList();
        }
    }
}
