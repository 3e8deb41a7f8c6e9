package dev.nightjar.storage.repository;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.nightjar.storage.StorageErrorCode;
import dev.nightjar.storage.StorageException;
import dev.nightjar.storage.blob.MemoryBlobStore;
import dev.nightjar.storage.catalog.CatalogServer;
import dev.nightjar.storage.copy.CopyListener;
import dev.nightjar.storage.copy.CopyReport;
import dev.nightjar.storage.copy.PointCopy;
import dev.nightjar.storage.key.Unlock;
import dev.nightjar.storage.point.PointName;
import dev.nightjar.storage.point.PointRecord;
import dev.nightjar.storage.rebuild.ProgressListener;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import java.util.Random;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicBoolean;
import javax.sql.DataSource;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Points that a repository had and has lost come back from where they were copied from, and stay. */
@Timeout(120)
class LeftOutCopyIT {

    private final DataSource database = CatalogServer.freshDatabase();
    private final MemoryBlobStore blobs = new MemoryBlobStore();
    private final DiskModel disk = new DiskModel(50 * Workbench.CHUNK, Workbench.CHUNK);
    private Repository source;
    private Repository target;
    private PointRecord point;

    @BeforeEach
    void copyAPoint() {
        source = Workbench.create(new MemoryBlobStore(), database);
        target = Workbench.create(blobs, database);
        byte[] noise = new byte[disk.bytes.length];
        new Random(5).nextBytes(noise);
        disk.write(0, noise);
        point = Workbench.capture(source, disk, null);
        assertThat(copy().copied()).hasSize(1);
    }

    @AfterEach
    void close() {
        source.close();
        target.close();
    }

    @Test
    void aRecordThatNoRebuildCouldTakeIsReplaced() {
        damageTheRecord();
        assertThat(target.rebuild(ProgressListener.NONE).leftOutPoints()).hasSize(1);
        assertThatThrownBy(() -> target.reclaim(FaultBench.AT_ONCE))
                .isInstanceOfSatisfying(
                        StorageException.class, e -> assertThat(e.code()).isEqualTo(StorageErrorCode.POINTS_LEFT_OUT));

        assertThat(copy().copied()).hasSize(1);

        target.reclaim(FaultBench.AT_ONCE);
        assertThat(target.rebuild(ProgressListener.NONE).leftOutPoints()).isEmpty();
        assertThat(Workbench.restore(target, point.id())).isEqualTo(disk.bytes);
    }

    @Test
    void aRecordThatTheCatalogDoesNotKnowIsNot() throws SQLException {
        byte[] record = blobs.get(PointName.of(point.id())).clone();
        execute("DELETE FROM catalog.point WHERE repository = '%s'"
                .formatted(target.config().repositoryId()));

        assertThatThrownBy(this::copy)
                .isInstanceOfSatisfying(
                        StorageException.class,
                        e -> assertThat(e.code()).isEqualTo(StorageErrorCode.CATALOG_NEEDS_REBUILD));

        assertThat(blobs.get(PointName.of(point.id()))).isEqualTo(record);
        assertThat(target.rebuild(ProgressListener.NONE).points()).isEqualTo(1);
        assertThat(Workbench.restore(target, point.id())).isEqualTo(disk.bytes);
    }

    @Test
    void aPointThatIsBackIsNotDeletedByWhoeverFinishesItsDeletionLate() throws SQLException {
        AtomicBoolean late = new AtomicBoolean();
        SteppedStore slow = new SteppedStore(blobs, at -> {
            if (at.startsWith("before put of reclaim/") && late.compareAndSet(true, false)) {
                target.reclaim(FaultBench.AT_ONCE);
                assertThat(target.points()).isEmpty();
                assertThat(copy().copied()).hasSize(1);
            }
        });
        try (Repository other = Repository.open(slow, new Unlock.Nothing(), database)) {
            execute("UPDATE catalog.point SET state = 'DELETING' WHERE repository = '%s'"
                    .formatted(target.config().repositoryId()));
            late.set(true);
            other.reclaim(FaultBench.AT_ONCE);
            assertThat(late).isFalse();
        }
        assertThat(target.points()).extracting(PointRecord::id).containsExactly(point.id());
        assertThat(target.rebuild(ProgressListener.NONE).points()).isEqualTo(1);
        assertThat(Workbench.restore(target, point.id())).isEqualTo(disk.bytes);
    }

    private CopyReport copy() {
        return new PointCopy(source, target).copy(UUID.randomUUID(), List.of(point.id()), CopyListener.NONE);
    }

    private void damageTheRecord() {
        String name = PointName.of(point.id());
        byte[] damaged = blobs.get(name).clone();
        damaged[damaged.length / 2] ^= 1;
        blobs.corrupt(name, damaged);
    }

    private void execute(String sql) throws SQLException {
        try (Connection connection = database.getConnection();
                Statement statement = connection.createStatement()) {
            assertThat(statement.executeUpdate(sql)).isEqualTo(1);
        }
    }
}
