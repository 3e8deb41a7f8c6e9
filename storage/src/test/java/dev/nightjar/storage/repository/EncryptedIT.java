package dev.nightjar.storage.repository;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.nightjar.storage.StorageErrorCode;
import dev.nightjar.storage.StorageException;
import dev.nightjar.storage.blob.DirectoryBlobStore;
import dev.nightjar.storage.catalog.CatalogServer;
import dev.nightjar.storage.chunk.ChunkSize;
import dev.nightjar.storage.ingest.IngestSession;
import dev.nightjar.storage.key.NewKeys;
import dev.nightjar.storage.key.RecoveryKey;
import dev.nightjar.storage.key.Unlock;
import dev.nightjar.storage.point.PointRecord;
import dev.nightjar.storage.rebuild.ProgressListener;
import dev.nightjar.storage.reclaim.ReclaimLimits;
import dev.nightjar.storage.reclaim.ReclaimReport;
import dev.nightjar.storage.serve.ServeLimits;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import javax.sql.DataSource;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class EncryptedIT {

    private static final String PASSPHRASE = "a passphrase for a test";
    private static final byte[] MARK = "what nobody may find".getBytes(StandardCharsets.US_ASCII);

    @TempDir
    Path directory;

    @Test
    void pointsComeBackAndNothingThatIsStoredTellsWhatTheyAre() {
        RecoveryKey recoveryKey = RecoveryKey.generate(new SecureRandom());
        RepositoryOptions options =
                new RepositoryOptions(new ChunkSize(Workbench.CHUNK), 256 * 1024, new NewKeys(PASSPHRASE, recoveryKey));
        DiskModel disk = new DiskModel(1_000_000, Workbench.CHUNK);
        disk.scribble(new Random(11), 60);
        for (int at = 0; at + MARK.length < disk.bytes.length; at += 50_000) {
            System.arraycopy(MARK, 0, disk.bytes, at, MARK.length);
        }
        PointRecord full;
        try (Repository repository =
                Repository.create(DirectoryBlobStore.create(directory), options, CatalogServer.freshDatabase())) {
            full = Workbench.capture(repository, disk, null);
            assertThat(Workbench.restore(repository, full.id())).isEqualTo(disk.bytes);
        }
        assertThat(files())
                .noneMatch(bytes ->
                        contains(bytes, MARK) || contains(bytes, "machine".getBytes(StandardCharsets.US_ASCII)));

        Unlock unlock = new Unlock.Recovery(recoveryKey);
        try (Repository elsewhere =
                Repository.open(DirectoryBlobStore.open(directory), unlock, CatalogServer.freshDatabase())) {
            assertThat(elsewhere.rebuild(ProgressListener.NONE).points()).isEqualTo(1);
            assertThat(Workbench.restore(elsewhere, full.id())).isEqualTo(disk.bytes);
            disk.scribble(new Random(12), 5);
            PointRecord increment = Workbench.capture(elsewhere, disk, full.id());
            assertThat(Workbench.restore(elsewhere, increment.id())).isEqualTo(disk.bytes);
        }
    }

    @Test
    void aLockedRepositoryReclaimsAndDeletesAndKeepsItsContentToItself() throws IOException {
        RecoveryKey recoveryKey = RecoveryKey.generate(new SecureRandom());
        RepositoryOptions options =
                new RepositoryOptions(new ChunkSize(Workbench.CHUNK), 256 * 1024, new NewKeys(PASSPHRASE, recoveryKey));
        DataSource database = CatalogServer.freshDatabase();
        DiskModel disk = new DiskModel(2_000_000, Workbench.CHUNK);
        disk.scribble(new Random(13), 200);
        PointRecord old;
        PointRecord kept;
        try (Repository open = Repository.create(DirectoryBlobStore.create(directory), options, database)) {
            old = Workbench.capture(open, disk, null);
            disk.scribble(new Random(14), 200);
            kept = Workbench.capture(open, disk, old.id());
            assertThat(open.locked()).isFalse();
            assertThat(open.keptKey()).isPresent();
        }
        ReclaimReport report;
        try (Repository locked = Repository.openLocked(DirectoryBlobStore.open(directory), database)) {
            assertThat(locked.locked()).isTrue();
            assertThat(locked.points()).containsExactly(old, kept);
            for (ThrowingCallable use : List.<ThrowingCallable>of(
                    () -> locked.beginIngest(Workbench.lease()),
                    () -> locked.reader(kept.id()),
                    () -> locked.serving(ServeLimits.DEFAULT),
                    () -> locked.rebuild(ProgressListener.NONE),
                    locked::keptKey)) {
                assertThatThrownBy(use)
                        .isInstanceOfSatisfying(
                                StorageException.class,
                                e -> assertThat(e.code()).isEqualTo(StorageErrorCode.REPOSITORY_LOCKED));
            }
            locked.deletePoint(old.id());
            ReclaimLimits atOnce = new ReclaimLimits(Duration.ZERO, 0.9, Long.MAX_VALUE);
            locked.reclaim(atOnce);
            report = locked.reclaim(atOnce);
        }
        assertThat(report.deletedPacks()).isPositive();
        try (Repository open =
                Repository.open(DirectoryBlobStore.open(directory), new Unlock.Passphrase(PASSPHRASE), database)) {
            assertThat(Workbench.restore(open, kept.id())).isEqualTo(disk.bytes);
        }
    }

    @Test
    void aLockedRepositoryBelievesNoMapPackThatHasNotItsName() throws IOException {
        RecoveryKey recoveryKey = RecoveryKey.generate(new SecureRandom());
        DataSource database = CatalogServer.freshDatabase();
        try (Repository open = Repository.create(
                DirectoryBlobStore.create(directory),
                RepositoryOptions.defaults().encrypted(new NewKeys(PASSPHRASE, recoveryKey)),
                database)) {
            DiskModel disk = new DiskModel(500_000, 64 * 1024);
            disk.scribble(new Random(15), 60);
            try (IngestSession session = open.beginIngest(Workbench.lease())) {
                session.disk(Workbench.describe(disk, "vda"), null).data(0, ByteBuffer.wrap(disk.bytes));
                session.commit(Workbench.facts());
            }
        }
        try (Stream<Path> packs = Files.walk(directory.resolve("packs"))) {
            for (Path pack : packs.filter(Files::isRegularFile).toList()) {
                byte[] bytes = Files.readAllBytes(pack);
                // A byte of the header that no checksum of a frame covers.
                bytes[9] ^= 1;
                Files.delete(pack);
                Files.write(pack, bytes);
            }
        }
        try (Repository locked = Repository.openLocked(DirectoryBlobStore.open(directory), database)) {
            assertThatThrownBy(() -> locked.reclaim(ReclaimLimits.DEFAULT))
                    .isInstanceOfSatisfying(
                            StorageException.class, e -> assertThat(e.code()).isEqualTo(StorageErrorCode.DATA_DAMAGED))
                    .hasMessageContaining("do not have its name");
        }
    }

    private List<byte[]> files() {
        try (Stream<Path> files = Files.walk(directory)) {
            List<byte[]> contents = files.filter(Files::isRegularFile)
                    .filter(file -> !file.startsWith(directory.resolve("keys")))
                    .map(EncryptedIT::read)
                    .toList();
            assertThat(contents).hasSizeGreaterThan(3);
            return contents;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static byte[] read(Path file) {
        try {
            return Files.readAllBytes(file);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static boolean contains(byte[] bytes, byte[] part) {
        for (int at = 0; at + part.length <= bytes.length; at++) {
            if (Arrays.equals(bytes, at, at + part.length, part, 0, part.length)) {
                return true;
            }
        }
        return false;
    }
}
