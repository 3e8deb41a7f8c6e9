package dev.nightjar.storage.blob;

import static dev.nightjar.storage.blob.BlobStoreContract.assertFails;
import static dev.nightjar.storage.blob.BlobStoreContract.bytes;
import static dev.nightjar.storage.blob.BlobStoreContract.text;
import static org.assertj.core.api.Assertions.assertThat;

import dev.nightjar.storage.StorageErrorCode;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Real file systems that are full or read-only. Mounting them needs root. */
class FullFileSystemIT {

    @TempDir
    Path directory;

    private Path mount;

    @BeforeEach
    void mountSmallFileSystem() throws Exception {
        mount = Files.createDirectory(directory.resolve("mount"));
        Assumptions.assumeTrue(
                run("mount", "-t", "tmpfs", "-o", "size=1m", "nightjar-test", mount.toString()), "needs to mount");
    }

    @AfterEach
    void unmount() throws Exception {
        run("umount", mount.toString());
    }

    @Test
    void aFullFileSystemIsCalledFullAndNothingIsLeft() throws IOException {
        BlobStore store = DirectoryBlobStore.create(mount.resolve("repository"));
        store.putIfAbsent("config", bytes("hello"));
        assertFails(StorageErrorCode.REPOSITORY_FULL, () -> {
            try (PendingBlob blob = store.create()) {
                for (int i = 0; i < 3; i++) {
                    blob.write(ByteBuffer.allocate(512 * 1024));
                }
                blob.commit("packs/ab/abc");
            }
        });
        try (Stream<Path> left = Files.list(Path.of(store.location(), "tmp"))) {
            assertThat(left).isEmpty();
        }
        assertThat(store.exists("packs/ab/abc")).isFalse();
        assertThat(store.putIfAbsent("points/p", bytes("small"))).isTrue();
    }

    @Test
    void aReadOnlyFileSystemIsReadButNotWritten() throws Exception {
        Path root = mount.resolve("repository");
        DirectoryBlobStore.create(root).putIfAbsent("config", bytes("hello"));
        assertThat(run("mount", "-o", "remount,ro", mount.toString())).isTrue();
        BlobStore store = DirectoryBlobStore.open(root);
        assertThat(text(store.read("config", 0, 5))).isEqualTo("hello");
        assertFails(StorageErrorCode.REPOSITORY_NOT_WRITABLE, () -> store.putIfAbsent("points/p", bytes("x")));
        assertFails(StorageErrorCode.REPOSITORY_NOT_WRITABLE, () -> store.delete("config"));
        assertFails(StorageErrorCode.REPOSITORY_NOT_WRITABLE, () -> DirectoryBlobStore.create(root));
        assertFails(StorageErrorCode.REPOSITORY_NOT_WRITABLE, () -> DirectoryBlobStore.create(mount.resolve("other")));
    }

    private static boolean run(String... command) throws Exception {
        try {
            return new ProcessBuilder(command)
                            .redirectErrorStream(true)
                            .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                            .start()
                            .waitFor()
                    == 0;
        } catch (IOException e) {
            return false;
        }
    }
}
