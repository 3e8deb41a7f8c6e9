package dev.nightjar.storage.repository;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.nightjar.storage.StorageErrorCode;
import dev.nightjar.storage.StorageException;
import dev.nightjar.storage.blob.BlobInfo;
import dev.nightjar.storage.blob.s3.S3BlobStore;
import dev.nightjar.storage.blob.s3.S3Location;
import dev.nightjar.storage.catalog.CatalogServer;
import dev.nightjar.storage.key.Unlock;
import dev.nightjar.storage.point.PointRecord;
import dev.nightjar.storage.rebuild.ProgressListener;
import dev.nightjar.storage.reclaim.ReclaimLimits;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Random;
import java.util.UUID;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.s3.S3Client;

/**
 * Locks on a real object store with object lock, which {@code NIGHTJAR_CAMPAIGN_S3} names; the access key is where AWS's tools look for it. Makes a bucket, and leaves it there, for nobody
 * can delete it before its objects may go.
 */
class ObjectLockCampaign {

    private static final ReclaimLimits AT_ONCE = new ReclaimLimits(Duration.ZERO, 0.5, 1L << 30);
    private static final String BUCKET = "nightjar-lock-" + UUID.randomUUID();

    private static String endpoint = "";

    @TempDir
    Path spool;

    private S3BlobStore store;

    @BeforeAll
    static void makeBucket() {
        endpoint = Objects.requireNonNull(
                System.getenv("NIGHTJAR_CAMPAIGN_S3"), "NIGHTJAR_CAMPAIGN_S3 names an object store");
        try (S3Client client = S3Client.builder()
                .endpointOverride(URI.create(endpoint))
                .forcePathStyle(true)
                .region(Region.US_EAST_1)
                .build()) {
            client.createBucket(request -> request.bucket(BUCKET).objectLockEnabledForBucket(true));
        }
    }

    @BeforeEach
    void openStore() {
        store = S3BlobStore.open(
                S3Location.parse("s3://" + BUCKET + "/" + UUID.randomUUID() + "?endpoint=" + endpoint),
                Optional::empty,
                spool);
    }

    @AfterEach
    void closeStore() {
        store.close();
    }

    @Test
    void theStoreIsFoundToKeepWhatItIsTold() {
        assertThat(store.locksObjects()).isTrue();
        assertThat(store.retention().isKept()).isTrue();
    }

    @Test
    void whatALockedPointNeedsIsKeptByTheStoreUntilTheDateAndFreedAfterIt() {
        DiskModel disk = new DiskModel(500_000, Workbench.CHUNK);
        disk.scribble(new Random(1), 30);
        try (Repository repository = Workbench.create(store, CatalogServer.freshDatabase())) {
            PointRecord point = Workbench.capture(repository, disk, null);
            Instant until = repository
                    .lock(point.id(), Instant.now().plus(Duration.ofSeconds(40)))
                    .until();
            List<String> names = names();
            assertThat(names).hasSizeGreaterThan(4);
            for (String name : names) {
                assertThat(store.retention().retainedUntil(name)).as(name).contains(until);
                assertThatThrownBy(() -> store.delete(name))
                        .as(name)
                        .isInstanceOfSatisfying(
                                StorageException.class,
                                e -> assertThat(e.code()).isEqualTo(StorageErrorCode.BLOB_RETAINED));
            }
            try (Repository elsewhere = Repository.open(store, new Unlock.Nothing(), CatalogServer.freshDatabase())) {
                elsewhere.rebuild(ProgressListener.NONE);
                assertThat(elsewhere.locks()).containsEntry(point.id(), until);
                assertThat(Workbench.restore(elsewhere, point.id())).isEqualTo(disk.bytes);
            }
            while (!repository.locks().isEmpty()) {
                LockSupport.parkNanos(Duration.ofSeconds(1).toNanos());
            }
            repository.deletePoint(point.id());
            repository.reclaim(AT_ONCE);
            repository.reclaim(AT_ONCE);
            assertThat(names()).noneMatch(name -> name.startsWith("packs/") || name.startsWith("points/"));
        }
    }

    /** What a locked point may need. */
    private List<String> names() {
        try (Stream<BlobInfo> found = store.list("")) {
            return found.map(BlobInfo::name)
                    .filter(name -> !name.startsWith("probe/") && !name.startsWith("clock/"))
                    .toList();
        }
    }
}
