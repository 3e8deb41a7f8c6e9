package dev.nightjar.storage.repository;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.nightjar.storage.StorageErrorCode;
import dev.nightjar.storage.StorageException;
import dev.nightjar.storage.catalog.CatalogServer;
import dev.nightjar.storage.point.PointRecord;
import dev.nightjar.storage.reclaim.ReclaimLimits;
import dev.nightjar.storage.reclaim.ReclaimReport;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.UUID;
import java.util.stream.Stream;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Repositories on file systems that are really full: nothing is lost, and deleting points brings the space back. */
@Timeout(120)
class FullDiskIT {

    private static final ReclaimLimits AT_ONCE = new ReclaimLimits(Duration.ZERO, 0.5, 1L << 30);
    private static final int DISK_BYTES = 8 << 20;

    @TempDir
    Path directory;

    private final Random random = new Random(11);
    private final Map<UUID, byte[]> points = new LinkedHashMap<>();

    @ParameterizedTest
    @ValueSource(strings = {"tmpfs", "ext4"})
    void backupsFillTheDiskAndDeletingPointsMakesRoomForMore(String type) throws IOException {
        try (SmallFileSystem disk = SmallFileSystem.mount(directory, type);
                Repository repository = Workbench.create(disk.create(), CatalogServer.freshDatabase())) {
            assertThat(disk.hasReserve()).isTrue();
            assertFull(() -> {
                while (points.size() < 20) {
                    captureNoise(repository);
                }
            });
            assertThat(points).hasSizeGreaterThan(3);
            disk.fill();
            assertThat(disk.usableBytes()).isZero();
            assertFull(() -> captureNoise(repository));
            assertThat(disk.hasReserve()).as("backups leave the reserve alone").isTrue();
            assertThat(leftInTemporary(disk)).isZero();
            assertAllRestore(repository);

            for (UUID point : List.copyOf(points.keySet()).subList(0, 2)) {
                repository.deletePoint(point);
                points.remove(point);
            }
            repository.reclaim(AT_ONCE);
            ReclaimReport report = repository.reclaim(AT_ONCE);

            assertThat(report.waitingPacks()).isZero();
            assertThat(disk.usableBytes()).isGreaterThan(DISK_BYTES);
            assertThat(disk.hasReserve()).isTrue();
            captureNoise(repository);
            assertAllRestore(repository);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"tmpfs", "ext4"})
    void packsThatAreAllStillNeededInPartAreRewrittenIntoTheReserve(String type) throws IOException {
        try (SmallFileSystem disk = SmallFileSystem.mount(directory, type);
                Repository repository = Workbench.create(disk.create(), CatalogServer.freshDatabase())) {
            PointRecord first = captureNoise(repository);
            DiskModel changed = new DiskModel(DISK_BYTES, Workbench.CHUNK);
            System.arraycopy(points.get(first.id()), 0, changed.bytes, 0, DISK_BYTES);
            byte[] piece = new byte[160 * Workbench.CHUNK];
            for (int at = 0; at + piece.length < DISK_BYTES; at += piece.length + Workbench.CHUNK) {
                random.nextBytes(piece);
                changed.write(at, piece);
            }
            PointRecord second = Workbench.capture(repository, changed, first.id());
            points.put(second.id(), changed.bytes);
            repository.deletePoint(first.id());
            points.remove(first.id());
            disk.fill();
            assertThat(disk.usableBytes()).isZero();
            Object reserve = disk.reserveIdentity();

            assertThat(repository.reclaim(AT_ONCE).rewrittenPacks()).isPositive();
            // The reserve holds what is left of some packs; the space of those makes room for the others.
            for (int i = 0; i < 6; i++) {
                repository.reclaim(AT_ONCE);
            }

            assertThat(disk.reserveIdentity())
                    .as("given up, and made again once there was room")
                    .isNotEqualTo(reserve);
            assertThat(disk.usableBytes()).isGreaterThan(DISK_BYTES * 3 / 4);
            assertAllRestore(repository);
        }
    }

    private PointRecord captureNoise(Repository repository) {
        DiskModel disk = new DiskModel(DISK_BYTES, Workbench.CHUNK);
        random.nextBytes(disk.bytes);
        disk.dirty.set(0, disk.chunks());
        PointRecord point = Workbench.capture(repository, disk, null);
        points.put(point.id(), disk.bytes);
        return point;
    }

    private void assertAllRestore(Repository repository) {
        points.forEach((point, bytes) ->
                assertThat(Workbench.restore(repository, point)).isEqualTo(bytes));
        assertThat(repository.points())
                .extracting(PointRecord::id)
                .containsExactlyInAnyOrderElementsOf(points.keySet());
    }

    private static void assertFull(ThrowingCallable action) {
        assertThatThrownBy(action)
                .isInstanceOfSatisfying(
                        StorageException.class, e -> assertThat(e.code()).isEqualTo(StorageErrorCode.REPOSITORY_FULL));
    }

    private static long leftInTemporary(SmallFileSystem disk) throws IOException {
        try (Stream<Path> left = Files.list(disk.directory().resolve("tmp"))) {
            return left.count();
        }
    }
}
