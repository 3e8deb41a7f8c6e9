package dev.nightjar.storage.repository;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.nightjar.storage.StorageErrorCode;
import dev.nightjar.storage.StorageException;
import dev.nightjar.storage.blob.BlobInfo;
import dev.nightjar.storage.blob.DirectoryBlobStore;
import dev.nightjar.storage.catalog.CatalogServer;
import dev.nightjar.storage.lock.PointLock;
import dev.nightjar.storage.point.PointName;
import dev.nightjar.storage.point.PointRecord;
import dev.nightjar.storage.rebuild.LeftOut;
import dev.nightjar.storage.rebuild.ProgressListener;
import dev.nightjar.storage.rebuild.RebuildProgress;
import dev.nightjar.storage.rebuild.RebuildProgress.Phase;
import dev.nightjar.storage.rebuild.RebuildReport;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.UUID;
import java.util.function.Predicate;
import java.util.stream.Stream;
import javax.sql.DataSource;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** A rebuild leaves out what a device does not give, and changes nothing where the device is gone. */
@Timeout(120)
class BadSectorRebuildIT {

    private static final int DISK_BYTES = 150_000;

    @TempDir
    Path directory;

    private final DataSource database = CatalogServer.freshDatabase();
    private final Random random = new Random(13);
    private final DiskModel disk = new DiskModel(DISK_BYTES, Workbench.CHUNK);
    private final List<PointRecord> points = new ArrayList<>();
    private final List<byte[]> contents = new ArrayList<>();
    private BadSectors blobs;
    private Repository repository;
    private String firstPack;

    @BeforeEach
    void takePointsThatShareNothing() {
        blobs = new BadSectors(DirectoryBlobStore.create(repositoryDirectory()));
        repository = Workbench.create(blobs, database);
        capture();
        firstPack = packs().stream()
                .filter(name -> blobs.read(name, 8, 1).get(0) == 1)
                .findFirst()
                .orElseThrow();
        capture();
        capture();
        capture();
    }

    @AfterEach
    void close() {
        repository.close();
    }

    @Test
    void anUnreadablePackAndAnUnreadableRecordAreLeftOutUntilTheyCanBeRead() {
        blobs.spoilEnd(firstPack);
        blobs.spoil(PointName.of(id(1)));

        RebuildReport report = repository.rebuild(ProgressListener.NONE);

        assertThat(report.leftOutPacks()).singleElement().satisfies(leftOut -> {
            assertThat(leftOut.name()).isEqualTo(firstPack);
            assertThat(leftOut.code()).isEqualTo(StorageErrorCode.REPOSITORY_IO_ERROR);
        });
        assertThat(report.leftOutPoints()).hasSize(2).anySatisfy(leftOut -> {
            assertThat(leftOut.name()).isEqualTo(PointName.of(id(1)));
            assertThat(leftOut.code()).isEqualTo(StorageErrorCode.REPOSITORY_IO_ERROR);
        });
        assertThat(report.leftOutPoints()).extracting(LeftOut::name).contains(PointName.of(id(0)));
        assertThat(repository.catalogState()).isEqualTo(CatalogState.MATCHES);
        assertThat(repository.points()).extracting(PointRecord::id).containsExactlyInAnyOrder(id(2), id(3));
        assertThatAllRestore(2);

        blobs.mend();
        assertThat(repository.rebuild(ProgressListener.NONE).points()).isEqualTo(4);
        assertThatAllRestore(0);
    }

    @Test
    void aStoreOfWhichNothingCanBeReadChangesNothing() {
        blobs.fail();
        assertThatNothingChanges(StorageErrorCode.REPOSITORY_IO_ERROR, ProgressListener.NONE);
    }

    @Test
    void aDeviceThatIsGoneButForTheConfigurationChangesNothing() {
        packs().forEach(blobs::spoil);
        assertThatNothingChanges(StorageErrorCode.REPOSITORY_IO_ERROR, ProgressListener.NONE);
    }

    @Test
    void aDeviceThatFailsInTheMiddleChangesNothing() {
        assertThatNothingChanges(
                StorageErrorCode.REPOSITORY_IO_ERROR, once(progress -> progress.done() == 1, blobs::fail));
    }

    @ParameterizedTest
    @EnumSource
    void aDeviceThatFailsInTheMiddleChangesNothingThoughTheConfigurationIsInMemory(Phase phase) {
        assertThatNothingChanges(
                StorageErrorCode.REPOSITORY_IO_ERROR,
                once(progress -> progress.phase() == phase && progress.done() == 1, blobs::failButForWhatIsInMemory));
    }

    @Test
    void aDirectoryThatIsNotMountedChangesNothing() throws IOException {
        unmount();
        assertThatNothingChanges(StorageErrorCode.REPOSITORY_NOT_FOUND, ProgressListener.NONE);
    }

    @Test
    void aDirectoryThatIsUnmountedBetweenPacksAndPointsChangesNothing() {
        assertThatNothingChanges(
                StorageErrorCode.REPOSITORY_NOT_FOUND,
                once(progress -> progress.phase() == Phase.PACKS && progress.done() == progress.total(), () -> {
                    try {
                        unmount();
                    } catch (IOException e) {
                        throw new UncheckedIOException(e);
                    }
                }));
    }

    @Test
    void aLockThatCannotBeReadHoldsByItsName() {
        PointLock lock = repository.lock(id(2), Instant.now().plus(Duration.ofDays(1)));
        blobs.spoil(lock.blobName());
        assertThat(repository.rebuild(ProgressListener.NONE).points()).isEqualTo(4);
        assertThat(repository.locks()).containsEntry(id(2), lock.until());
    }

    private void assertThatNothingChanges(StorageErrorCode code, ProgressListener listener) {
        List<PointRecord> before = repository.points();
        RepositoryTotals totals = repository.totals();
        assertThatThrownBy(() -> repository.rebuild(listener))
                .isInstanceOfSatisfying(
                        StorageException.class, e -> assertThat(e.code()).isEqualTo(code));
        blobs.mend();
        mount();
        assertThat(repository.points()).isEqualTo(before).hasSize(4);
        assertThat(repository.totals()).isEqualTo(totals);
        assertThatAllRestore(0);
    }

    private static ProgressListener once(Predicate<RebuildProgress> when, Runnable what) {
        boolean[] done = {false};
        return progress -> {
            if (!done[0] && when.test(progress)) {
                done[0] = true;
                what.run();
            }
        };
    }

    private void capture() {
        byte[] noise = new byte[DISK_BYTES];
        random.nextBytes(noise);
        disk.write(0, noise);
        points.add(Workbench.capture(repository, disk, null));
        contents.add(noise);
    }

    private UUID id(int point) {
        return points.get(point).id();
    }

    private void assertThatAllRestore(int from) {
        for (int i = from; i < points.size(); i++) {
            assertThat(Workbench.restore(repository, id(i))).isEqualTo(contents.get(i));
        }
    }

    private List<String> packs() {
        try (Stream<BlobInfo> found = blobs.list("packs/")) {
            return found.map(BlobInfo::name).sorted().toList();
        }
    }

    private Path repositoryDirectory() {
        return directory.resolve("repository");
    }

    private Path aside() {
        return directory.resolve("aside");
    }

    private void unmount() throws IOException {
        Files.move(repositoryDirectory(), aside());
        Files.createDirectory(repositoryDirectory());
    }

    private void mount() {
        if (!Files.exists(aside())) {
            return;
        }
        try {
            Files.delete(repositoryDirectory());
            Files.move(aside(), repositoryDirectory());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
