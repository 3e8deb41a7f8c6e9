package dev.nightjar.storage.repository;

import static org.assertj.core.api.Assertions.assertThat;

import dev.nightjar.storage.blob.DirectoryBlobStore;
import dev.nightjar.storage.catalog.CatalogServer;
import dev.nightjar.storage.chunk.ChunkSize;
import dev.nightjar.storage.key.NewKeys;
import dev.nightjar.storage.key.RecoveryKey;
import dev.nightjar.storage.key.Unlock;
import dev.nightjar.storage.point.PointRecord;
import dev.nightjar.storage.rebuild.ProgressListener;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
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
