package dev.nightjar.storage.repository;

import static org.assertj.core.api.Assertions.assertThat;

import dev.nightjar.storage.blob.s3.S3BlobStore;
import dev.nightjar.storage.blob.s3.S3Credentials;
import dev.nightjar.storage.blob.s3.S3Location;
import dev.nightjar.storage.blob.s3.StoreProbe;
import dev.nightjar.storage.catalog.CatalogServer;
import dev.nightjar.storage.key.Unlock;
import dev.nightjar.storage.point.PointRecord;
import dev.nightjar.storage.rebuild.ProgressListener;
import dev.nightjar.testkit.S3Proxy;
import dev.nightjar.testkit.TempDirectory;
import java.nio.file.Path;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** The same repository, in a bucket. */
class S3RepositoryIT {

    private static final Path JAR = Path.of("target/peers/s3proxy.jar").toAbsolutePath();

    @Test
    void aHistoryIsStoredRestoredDeletedAndRebuiltFromTheBucket() {
        try (TempDirectory directory = TempDirectory.create();
                S3Proxy server = S3Proxy.start(JAR, directory.path())) {
            server.createBucket("backups");
            S3Location location = S3Location.parse("s3://backups/night?endpoint=" + server.uri());
            S3Credentials credentials = new S3Credentials(S3Proxy.ACCESS_KEY, S3Proxy.SECRET_KEY);
            try (S3BlobStore blobs = S3BlobStore.open(location, credentials.always(), directory.resolve("spool"))) {
                StoreProbe.requirePutIfAbsent(blobs);
                history(blobs);
            }
        }
    }

    private static void history(S3BlobStore blobs) {
        DiskModel disk = new DiskModel(2_000_000, Workbench.CHUNK);
        disk.scribble(new Random(1), 60);
        PointRecord increment;
        try (Repository repository = Workbench.create(blobs, CatalogServer.freshDatabase())) {
            PointRecord full = Workbench.capture(repository, disk, null);
            disk.scribble(new Random(2), 10);
            increment = Workbench.capture(repository, disk, full.id());
            repository.deletePoint(full.id());
            assertThat(Workbench.restore(repository, increment.id())).isEqualTo(disk.bytes);
            assertThat(repository.catalogState()).isEqualTo(CatalogState.MATCHES);
        }
        try (Repository elsewhere = Repository.open(blobs, new Unlock.Nothing(), CatalogServer.freshDatabase())) {
            assertThat(elsewhere.catalogState()).isEqualTo(CatalogState.NEEDS_REBUILD);
            assertThat(elsewhere.rebuild(ProgressListener.NONE).points()).isEqualTo(1);
            assertThat(Workbench.restore(elsewhere, increment.id())).isEqualTo(disk.bytes);
        }
    }
}
