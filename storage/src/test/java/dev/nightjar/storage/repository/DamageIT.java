package dev.nightjar.storage.repository;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.nightjar.storage.StorageErrorCode;
import dev.nightjar.storage.StorageException;
import dev.nightjar.storage.blob.DirectoryBlobStore;
import dev.nightjar.storage.catalog.CatalogServer;
import dev.nightjar.storage.key.Unlock;
import dev.nightjar.storage.point.PointRecord;
import dev.nightjar.storage.recover.RecoveryPointReader;
import dev.nightjar.storage.recover.RegionSink;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import javax.sql.DataSource;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What readers do when packs are not what they were, and when their sinks fail. */
@Timeout(120)
class DamageIT {

    @TempDir
    Path directory;

    private final DataSource database = CatalogServer.freshDatabase();
    private final DiskModel disk = new DiskModel(1_000_000, Workbench.CHUNK);
    private PointRecord point;

    @BeforeEach
    void takeAPoint() {
        byte[] noise = new byte[disk.bytes.length];
        new Random(3).nextBytes(noise);
        disk.write(0, noise);
        try (Repository repository = Workbench.create(DirectoryBlobStore.create(directory), database)) {
            point = Workbench.capture(repository, disk, null);
        }
    }

    @Test
    void aFlippedByteInAnyPackIsNeverGivenOut() throws IOException {
        for (Path pack : packFiles()) {
            byte[] good = Files.readAllBytes(pack);
            byte[] bad = good.clone();
            bad[good.length / 3] ^= 1;
            replace(pack, bad);
            try (Repository repository = open()) {
                RecoveryPointReader reader = repository.reader(point.id());
                byte[] given = disk.bytes.clone();
                Arrays.fill(given, (byte) 0x33);
                assertThatThrownBy(() -> reader.regions(0, reader.size(), into(given)))
                        .isInstanceOfSatisfying(
                                StorageException.class,
                                e -> assertThat(e.code()).isEqualTo(StorageErrorCode.DATA_DAMAGED));
                for (int i = 0; i < given.length; i++) {
                    assertThat(given[i] == 0x33 || given[i] == disk.bytes[i]).isTrue();
                }
                assertThatThrownBy(() -> reader.read(0, ByteBuffer.allocate(disk.bytes.length)))
                        .isInstanceOf(StorageException.class);
            }
            replace(pack, good);
        }
        try (Repository repository = open()) {
            assertThat(Workbench.restore(repository, point.id())).isEqualTo(disk.bytes);
        }
    }

    @Test
    void aMissingPackIsAnErrorAndNotZeros() throws IOException {
        for (Path pack : packFiles()) {
            Path aside = directory.resolve("ASIDE");
            Files.move(pack, aside);
            try (Repository repository = open()) {
                assertThatThrownBy(() -> Workbench.restore(repository, point.id()))
                        .isInstanceOfSatisfying(
                                StorageException.class,
                                e -> assertThat(e.code()).isEqualTo(StorageErrorCode.BLOB_NOT_FOUND));
            }
            Files.move(aside, pack);
        }
    }

    @Test
    void whatTheSinkThrowsEndsTheReadingAndIsThrown() {
        IOException full = new IOException("disk full");
        List<Long> offsets = new ArrayList<>();
        RegionSink failing = new RegionSink() {
            @Override
            public void data(long offset, ByteBuffer bytes) throws IOException {
                offsets.add(offset);
                throw full;
            }

            @Override
            public void zero(long offset, long length) {}
        };
        try (Repository repository = open()) {
            RecoveryPointReader reader = repository.reader(point.id());
            assertThatThrownBy(() -> reader.regions(0, reader.size(), failing)).isSameAs(full);
        }
        assertThat(offsets).hasSize(1);
    }

    @Test
    void rangesBeyondTheDiskAreRefused() {
        try (Repository repository = open()) {
            RecoveryPointReader reader = repository.reader(point.id());
            byte[] none = new byte[0];
            assertThatThrownBy(() -> reader.read(disk.bytes.length - 1, ByteBuffer.allocate(2)))
                    .isInstanceOf(IndexOutOfBoundsException.class);
            assertThatThrownBy(() -> reader.read(-1, ByteBuffer.allocate(1)))
                    .isInstanceOf(IndexOutOfBoundsException.class);
            assertThatThrownBy(() -> reader.regions(1, Long.MAX_VALUE, into(none)))
                    .isInstanceOf(IndexOutOfBoundsException.class);
            assertThat(Workbench.part(reader, disk.bytes.length, 0)).isEmpty();
        }
    }

    private Repository open() {
        return Repository.open(DirectoryBlobStore.open(directory), new Unlock.Nothing(), database);
    }

    private static RegionSink into(byte[] bytes) {
        return new RegionSink() {
            @Override
            public void data(long offset, ByteBuffer content) {
                content.get(bytes, (int) offset, content.remaining());
            }

            @Override
            public void zero(long offset, long length) {
                Arrays.fill(bytes, (int) offset, (int) (offset + length), (byte) 0);
            }
        };
    }

    private static void replace(Path file, byte[] content) throws IOException {
        Files.delete(file);
        Files.write(file, content);
    }

    private List<Path> packFiles() throws IOException {
        try (Stream<Path> files = Files.walk(directory.resolve("packs"))) {
            return files.filter(Files::isRegularFile).toList();
        }
    }
}
