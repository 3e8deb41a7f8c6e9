package dev.nightjar.storage.repository;

import static org.assertj.core.api.Assertions.assertThat;

import dev.nightjar.storage.blob.BlobInfo;
import dev.nightjar.storage.blob.BlobStore;
import dev.nightjar.storage.blob.MemoryBlobStore;
import dev.nightjar.storage.catalog.CatalogServer;
import dev.nightjar.storage.chunk.ChunkSize;
import dev.nightjar.storage.key.NewKeys;
import dev.nightjar.storage.key.RecoveryKey;
import dev.nightjar.storage.key.Unlock;
import dev.nightjar.storage.point.PointRecord;
import dev.nightjar.storage.rebuild.ProgressListener;
import dev.nightjar.storage.reclaim.ReclaimLimits;
import dev.nightjar.storage.reclaim.ReclaimReport;
import java.nio.ByteBuffer;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import javax.sql.DataSource;
import org.junit.jupiter.api.Test;

/** Reclaiming takes no key: a repository that is locked gets the same space back as one that is not. */
class LockedReclaimIT {

    private static final Unlock.Passphrase PASSPHRASE = new Unlock.Passphrase("correct horse battery staple");
    private static final ReclaimLimits AT_ONCE = new ReclaimLimits(Duration.ZERO, 0.6, 1L << 30);

    private final MemoryBlobStore original = new MemoryBlobStore();
    private final DiskModel disk = new DiskModel(3_000_000, Workbench.CHUNK);
    private final List<PointRecord> points = new ArrayList<>();
    private final List<byte[]> contents = new ArrayList<>();

    @Test
    void aLockedRepositoryFreesExactlyWhatAnUnlockedOneWould() {
        takePoints();
        BlobStore one = copy();
        BlobStore other = copy();
        DataSource first = rebuilt(one);
        DataSource second = rebuilt(other);

        List<ReclaimReport> locked;
        try (Repository repository = Repository.openLocked(one, first)) {
            locked = deleteAndReclaim(repository);
        }
        List<ReclaimReport> unlocked;
        try (Repository repository = Repository.open(other, PASSPHRASE, second)) {
            unlocked = deleteAndReclaim(repository);
        }

        assertThat(locked).isEqualTo(unlocked);
        assertThat(locked.get(0).condemnedPacks()).isPositive();
        assertThat(locked.get(0).rewrittenPacks()).isPositive();
        assertThat(locked.get(1).deletedPacks()).isPositive();
        assertThat(packs(one)).isEqualTo(packs(other));
        try (Repository repository = Repository.open(one, PASSPHRASE, first)) {
            assertThat(Workbench.restore(repository, points.getLast().id())).isEqualTo(contents.getLast());
            assertThat(Workbench.restore(repository, points.get(1).id())).isEqualTo(contents.get(1));
        }
    }

    private void takePoints() {
        NewKeys keys = new NewKeys(PASSPHRASE.text(), RecoveryKey.generate(new SecureRandom()));
        RepositoryOptions options = new RepositoryOptions(new ChunkSize(Workbench.CHUNK), 256 * 1024, keys);
        Random random = new Random(21);
        byte[] noise = new byte[2_000_000];
        try (Repository repository = Repository.create(original, options, CatalogServer.freshDatabase())) {
            for (int i = 0; i < 4; i++) {
                random.nextBytes(noise);
                disk.write(i * 100_000, noise);
                disk.scribble(random, 30);
                points.add(Workbench.capture(
                        repository, disk, i == 0 ? null : points.getLast().id()));
                contents.add(disk.bytes.clone());
            }
        }
    }

    private List<ReclaimReport> deleteAndReclaim(Repository repository) {
        repository.deletePoint(points.get(0).id());
        repository.deletePoint(points.get(2).id());
        return List.of(repository.reclaim(AT_ONCE), repository.reclaim(AT_ONCE), repository.reclaim(AT_ONCE));
    }

    private static DataSource rebuilt(BlobStore blobs) {
        DataSource database = CatalogServer.freshDatabase();
        try (Repository repository = Repository.open(blobs, PASSPHRASE, database)) {
            repository.rebuild(ProgressListener.NONE);
        }
        return database;
    }

    private BlobStore copy() {
        MemoryBlobStore copy = new MemoryBlobStore();
        try (Stream<BlobInfo> blobs = original.list("")) {
            blobs.forEach(blob -> copy.putIfAbsent(blob.name(), ByteBuffer.wrap(original.get(blob.name()))));
        }
        return copy;
    }

    private static List<BlobInfo> packs(BlobStore blobs) {
        try (Stream<BlobInfo> found = blobs.list("packs/")) {
            return found.sorted((a, b) -> a.name().compareTo(b.name())).toList();
        }
    }
}
