package dev.nightjar.storage.crash;

import static org.assertj.core.api.Assertions.assertThat;

import dev.nightjar.storage.StorageErrorCode;
import dev.nightjar.storage.StorageException;
import dev.nightjar.storage.blob.BlobStore;
import dev.nightjar.storage.blob.DirectoryBlobStore;
import dev.nightjar.storage.catalog.CatalogServer;
import dev.nightjar.storage.key.Unlock;
import dev.nightjar.storage.point.PointName;
import dev.nightjar.storage.point.PointRecord;
import dev.nightjar.storage.repository.DiskModel;
import dev.nightjar.storage.repository.Repository;
import dev.nightjar.storage.repository.Workbench;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.UUID;
import javax.sql.DataSource;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A run was killed between a pack and its row; the next one stores the very same pack while reclaiming deletes it. */
class OrphanStoredAgainIT {

    @TempDir
    Path directory;

    private final DataSource database = CatalogServer.freshDatabase();
    private final DiskModel disk = new DiskModel(100_000, Workbench.CHUNK);
    private DirectoryBlobStore blobs;
    private int interruptions;

    @BeforeEach
    void orphans() {
        blobs = DirectoryBlobStore.create(directory);
        Workbench.create(blobs, database).close();
        byte[] noise = new byte[disk.bytes.length];
        new Random(5).nextBytes(noise);
        disk.write(0, noise);
        // Another catalog that knows the repository and is lost: what was stored by it, nobody knows.
        DataSource lost = CatalogServer.freshDatabase();
        try (Repository elsewhere = Repository.open(blobs, new Unlock.Nothing(), lost)) {
            UUID point = Workbench.capture(elsewhere, disk, null).id();
            // By hand: a deletion would be counted, and this catalog be turned away.
            blobs.delete(PointName.of(point));
        }
    }

    @Test
    void aRunIsEitherTurnedAwayOrKeepsWhatItFound() {
        List<PointRecord> acknowledged = new ArrayList<>();
        try (Repository reclaiming = Repository.open(
                interrupted(() -> acknowledged.addAll(captureUnlessTurnedAway())), new Unlock.Nothing(), database)) {
            assertThat(reclaiming.reclaim(Stage.AT_ONCE).deletedOrphans()).isPositive();
        }
        assertThat(interruptions).isPositive();
        try (Repository repository = Repository.open(blobs, new Unlock.Nothing(), database)) {
            acknowledged.add(Workbench.capture(repository, disk, null));
            for (PointRecord point : acknowledged) {
                assertThat(Workbench.restore(repository, point.id())).isEqualTo(disk.bytes);
            }
        }
    }

    private List<PointRecord> captureUnlessTurnedAway() {
        try (Repository other = Repository.open(blobs, new Unlock.Nothing(), database)) {
            return List.of(Workbench.capture(other, disk, null));
        } catch (StorageException e) {
            assertThat(e.code()).isEqualTo(StorageErrorCode.PACK_NOT_LIVE);
            return List.of();
        }
    }

    /** The same store, in which something happens right before the first pack goes. */
    private BlobStore interrupted(Runnable meanwhile) {
        return (BlobStore) Proxy.newProxyInstance(
                BlobStore.class.getClassLoader(), new Class<?>[] {BlobStore.class}, (_, method, arguments) -> {
                    boolean removes =
                            method.getName().equals("move") || method.getName().equals("delete");
                    if (removes && String.valueOf(arguments[0]).startsWith("packs/") && interruptions++ == 0) {
                        meanwhile.run();
                    }
                    try {
                        return method.invoke(blobs, arguments);
                    } catch (InvocationTargetException e) {
                        throw e.getCause();
                    }
                });
    }
}
