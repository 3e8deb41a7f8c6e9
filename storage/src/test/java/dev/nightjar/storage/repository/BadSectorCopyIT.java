package dev.nightjar.storage.repository;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.nightjar.storage.StorageErrorCode;
import dev.nightjar.storage.StorageException;
import dev.nightjar.storage.blob.BlobInfo;
import dev.nightjar.storage.blob.DirectoryBlobStore;
import dev.nightjar.storage.catalog.CatalogServer;
import dev.nightjar.storage.copy.CopyHealing;
import dev.nightjar.storage.copy.CopyListener;
import dev.nightjar.storage.copy.CopyReport;
import dev.nightjar.storage.copy.PointCopy;
import dev.nightjar.storage.key.Unlock;
import dev.nightjar.storage.point.PointRecord;
import dev.nightjar.storage.scrub.ScrubLimits;
import dev.nightjar.storage.scrub.ScrubListener;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.UUID;
import java.util.stream.Stream;
import javax.sql.DataSource;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Copies, and healing from copies, where the device that is read does not give some bytes, or is gone. */
@Timeout(120)
class BadSectorCopyIT {

    private static final int DISK_BYTES = 600_000;

    @TempDir
    Path directory;

    private final DataSource database = CatalogServer.freshDatabase();
    private final Random random = new Random(12);
    private final DiskModel disk = new DiskModel(DISK_BYTES, Workbench.CHUNK);
    private final List<PointRecord> points = new ArrayList<>();
    private final List<byte[]> contents = new ArrayList<>();
    private BadSectors blobs;
    private Repository source;
    private BadSectors copies;
    private Repository target;

    @BeforeEach
    void takeAPointThatSharesNothingWithTheNext() {
        blobs = new BadSectors(DirectoryBlobStore.create(directory.resolve("source")));
        source = Workbench.create(blobs, database);
        copies = new BadSectors(DirectoryBlobStore.create(directory.resolve("target")));
        target = Workbench.create(copies, database);
        capture();
    }

    @AfterEach
    void close() {
        source.close();
        target.close();
    }

    @Test
    void aBadSectorBelowTheOldestPointKeepsNoOtherFromBeingCopied() {
        blobs.spoil(dataPacks(blobs).getFirst(), 5000, 5512);
        capture();
        capture();

        CopyReport report = copyAll();

        assertThat(report.copied()).hasSize(2);
        assertThat(report.failed()).singleElement().satisfies(failure -> {
            assertThat(failure.point()).isEqualTo(points.getFirst().id());
            assertThat(failure.code()).isEqualTo(StorageErrorCode.REPOSITORY_IO_ERROR);
        });
        for (int i = 1; i < points.size(); i++) {
            assertThat(Workbench.restore(target, points.get(i).id())).isEqualTo(contents.get(i));
        }
        blobs.mend();
        assertThat(copyAll().copied()).hasSize(1);
        assertThat(Workbench.restore(target, points.getFirst().id())).isEqualTo(contents.getFirst());
    }

    @Test
    void aSourceWhoseDeviceIsGoneEndsTheCopy() {
        capture();
        blobs.fail();
        assertFails(StorageErrorCode.REPOSITORY_IO_ERROR, this::copyAll);
    }

    @Test
    void aSourceThatIsNotMountedEndsTheCopy() throws IOException {
        capture();
        Files.move(directory.resolve("source"), directory.resolve("aside"));
        Files.createDirectory(directory.resolve("source"));
        assertFails(StorageErrorCode.REPOSITORY_NOT_FOUND, this::copyAll);
        assertThat(target.points()).isEmpty();
    }

    @Test
    void aBadSectorBelowTheCopyDoesNotKeepTheRestFromHealing() {
        copyAndLoseTheData();
        long lost = source.damagedChunks();
        copies.spoil(dataPacks(copies).getFirst(), 5000, 5512);

        long healed = heal();

        assertThat(healed).isPositive().isLessThan(lost);
        copies.mend();
        assertThat(heal()).isEqualTo(lost - healed);
        assertThat(Workbench.restore(source, points.getFirst().id())).isEqualTo(contents.getFirst());
    }

    @Test
    void copiesWhoseDeviceIsGoneEndTheHealing() {
        copyAndLoseTheData();
        copies.fail();
        assertFails(StorageErrorCode.REPOSITORY_IO_ERROR, this::heal);
    }

    private void capture() {
        byte[] noise = new byte[DISK_BYTES];
        random.nextBytes(noise);
        disk.write(0, noise);
        points.add(Workbench.capture(source, disk, null));
        contents.add(noise);
    }

    private void copyAndLoseTheData() {
        assertThat(copyAll().failed()).isEmpty();
        // What it has read before it may still have in memory.
        target.close();
        target = Repository.open(copies, new Unlock.Nothing(), database);
        dataPacks(blobs).forEach(blobs::delete);
        source.scrub(ScrubLimits.everything(), ScrubListener.NONE);
        assertThat(source.damagedChunks()).isPositive();
    }

    private CopyReport copyAll() {
        List<UUID> all = points.stream().map(PointRecord::id).toList();
        return new PointCopy(source, target).copy(UUID.randomUUID(), all, CopyListener.NONE);
    }

    private long heal() {
        return new CopyHealing(source, target).run(UUID.randomUUID(), () -> {});
    }

    private static List<String> dataPacks(BadSectors store) {
        try (Stream<BlobInfo> found = store.list("packs/")) {
            return found.map(BlobInfo::name)
                    .filter(name -> store.read(name, 8, 1).get(0) == 1)
                    .sorted()
                    .toList();
        }
    }

    private static void assertFails(StorageErrorCode code, Runnable call) {
        assertThatThrownBy(call::run)
                .isInstanceOfSatisfying(
                        StorageException.class, e -> assertThat(e.code()).isEqualTo(code));
    }
}
