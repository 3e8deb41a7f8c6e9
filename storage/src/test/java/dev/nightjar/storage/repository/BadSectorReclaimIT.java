package dev.nightjar.storage.repository;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.nightjar.storage.StorageErrorCode;
import dev.nightjar.storage.StorageException;
import dev.nightjar.storage.blob.BlobInfo;
import dev.nightjar.storage.blob.BlobStore;
import dev.nightjar.storage.blob.DirectoryBlobStore;
import dev.nightjar.storage.catalog.CatalogServer;
import dev.nightjar.storage.key.Unlock;
import dev.nightjar.storage.point.PointRecord;
import dev.nightjar.storage.reclaim.ReclaimLimits;
import dev.nightjar.storage.reclaim.ReclaimReport;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import javax.sql.DataSource;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Space comes back also where the device does not give some bytes of a pack. */
@Timeout(120)
class BadSectorReclaimIT {

    private static final ReclaimLimits AT_ONCE = new ReclaimLimits(Duration.ZERO, 0.5, 1L << 30);

    /** Three frames, which a pack has room for. */
    private static final int PACK_CONTENT = 3 * 16 * Workbench.CHUNK;

    private static final int PACKS = 4;

    @TempDir
    Path directory;

    private final DataSource database = CatalogServer.freshDatabase();
    private final Random random = new Random(11);
    private final DiskModel disk = new DiskModel(PACKS * PACK_CONTENT, Workbench.CHUNK);
    private BadSectors blobs;
    private Repository repository;

    @BeforeEach
    void create() {
        blobs = new BadSectors(DirectoryBlobStore.create(directory));
        repository = Workbench.create(blobs, database);
    }

    @AfterEach
    void close() {
        repository.close();
    }

    @Test
    void aCondemnedPackWithAnUnreadableDirectoryIsDeletedLikeTheOthers() {
        disk.write(0, noise(disk.bytes.length));
        PointRecord point = Workbench.capture(repository, disk, null);
        long stored = storedBytes();
        repository.deletePoint(point.id());
        assertThat(repository.reclaim(AT_ONCE).condemnedPacks()).isEqualTo(packs().size());
        blobs.spoilEnd(packs().getFirst());

        ReclaimReport moved = repository.reclaim(AT_ONCE);
        ReclaimReport emptied = repository.reclaim(AT_ONCE);

        assertThat(moved.deletedBytes()).isEqualTo(stored);
        assertThat(emptied.freedBytes()).isEqualTo(stored);
        assertThat(packs()).isEmpty();
        assertThat(repository.totals().chunks()).isZero();
    }

    @Test
    void aSparsePackThatCannotBeReadStaysAndTheOthersAreRewritten() {
        List<String> sparse = sparsePacks();
        blobs.spoil(sparse.get(0), 1000, 1512);
        blobs.spoilEnd(sparse.get(1));

        repository.reclaim(AT_ONCE);
        repository.reclaim(AT_ONCE);

        assertThat(packs())
                .contains(sparse.get(0), sparse.get(1))
                .doesNotContainAnyElementsOf(sparse.subList(2, PACKS));
        blobs.mend();
        assertThatTheLastPointRestores();
        repository.reclaim(AT_ONCE);
        repository.reclaim(AT_ONCE);
        assertThat(packs()).doesNotContainAnyElementsOf(sparse);
        assertThatTheLastPointRestores();
    }

    @Test
    void aDeviceThatTakesNoNewPackEndsTheReclaim() {
        List<String> sparse = sparsePacks();
        BlobStore unwritable = new SteppedStore(blobs, at -> {
            if (at.startsWith("before commit of packs/")) {
                throw new StorageException(StorageErrorCode.REPOSITORY_IO_ERROR, at, "It is a test.");
            }
        });
        try (Repository node = Repository.open(unwritable, new Unlock.Nothing(), database)) {
            assertThatThrownBy(() -> node.reclaim(AT_ONCE))
                    .isInstanceOfSatisfying(
                            StorageException.class,
                            e -> assertThat(e.code()).isEqualTo(StorageErrorCode.REPOSITORY_IO_ERROR));
        }
        assertThat(packs()).containsAll(sparse);
        assertThatTheLastPointRestores();
    }

    /** Packs of data of which the only point that is left needs a chunk each. */
    private List<String> sparsePacks() {
        List<String> data = new ArrayList<>();
        List<PointRecord> points = new ArrayList<>();
        PointRecord last = null;
        for (int pack = 0; pack < PACKS; pack++) {
            List<String> before = packs();
            disk.write(pack * PACK_CONTENT, noise(PACK_CONTENT));
            last = Workbench.capture(repository, disk, last == null ? null : last.id());
            points.add(last);
            packs().stream()
                    .filter(name ->
                            !before.contains(name) && blobs.read(name, 8, 1).get(0) == 1)
                    .forEach(data::add);
        }
        assertThat(data).hasSize(PACKS);
        for (int pack = 0; pack < PACKS; pack++) {
            disk.write(pack * PACK_CONTENT + Workbench.CHUNK, noise(PACK_CONTENT - Workbench.CHUNK));
        }
        Workbench.capture(repository, disk, points.getLast().id());
        points.forEach(point -> repository.deletePoint(point.id()));
        return data;
    }

    private void assertThatTheLastPointRestores() {
        try (Repository fresh = Repository.open(blobs, new Unlock.Nothing(), database)) {
            assertThat(fresh.points()).hasSize(1);
            assertThat(Workbench.restore(fresh, fresh.points().getFirst().id())).isEqualTo(disk.bytes);
        }
    }

    private byte[] noise(int length) {
        byte[] bytes = new byte[length];
        random.nextBytes(bytes);
        return bytes;
    }

    private List<String> packs() {
        try (Stream<BlobInfo> found = blobs.list("packs/")) {
            return found.map(BlobInfo::name).sorted().toList();
        }
    }

    private long storedBytes() {
        try (Stream<BlobInfo> found = blobs.list("packs/")) {
            return found.mapToLong(BlobInfo::bytes).sum();
        }
    }
}
