package dev.nightjar.storage.blob;

import static org.assertj.core.api.Assertions.assertThat;

import dev.nightjar.storage.StorageErrorCode;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DirectoryBlobStoreTest extends BlobStoreContract {

    @TempDir
    Path directory;

    @Override
    protected BlobStore emptyStore() {
        return DirectoryBlobStore.create(directory.resolve("parent/repository"));
    }

    @Test
    void onlyTheOwnerMayReadWhatIsStored() throws IOException {
        Path root = directory.resolve("owned");
        DirectoryBlobStore.create(root).putIfAbsent("keys/k", bytes("secret"));
        assertThat(permissions(root)).isEqualTo("rwx------");
        assertThat(permissions(root.resolve("keys"))).isEqualTo("rwx------");
        assertThat(permissions(root.resolve("keys/k"))).isEqualTo("rw-------");
    }

    @Test
    void blobsAreThereWhenTheDirectoryIsOpenedAgain() {
        Path root = directory.resolve("again");
        DirectoryBlobStore.create(root).putIfAbsent("packs/ab/abc", bytes("hello"));
        BlobStore opened = DirectoryBlobStore.open(root);
        assertThat(text(opened.read("packs/ab/abc", 0, 5))).isEqualTo("hello");
        assertThat(opened.location()).isEqualTo(root.toString());
        assertThat(DirectoryBlobStore.create(root).exists("packs/ab/abc")).isTrue();
    }

    @Test
    void noTemporaryFileIsLeft() throws IOException {
        Path root = directory.resolve("clean");
        BlobStore store = DirectoryBlobStore.create(root);
        store.putIfAbsent("config", bytes("one"));
        store.putIfAbsent("config", bytes("two"));
        store.create().abort();
        try (Stream<Path> left = Files.list(root.resolve("tmp"))) {
            assertThat(left).isEmpty();
        }
    }

    @Test
    void foreignFilesAreNotSeenAsBlobs() throws IOException {
        Path root = directory.resolve("foreign");
        BlobStore store = DirectoryBlobStore.create(root);
        store.putIfAbsent("packs/ab/abc", bytes("hello"));
        Files.createDirectories(root.resolve("lost+found"));
        Files.writeString(root.resolve("lost+found/x"), "x");
        Files.writeString(root.resolve("tmp/leftover"), "x");
        Files.writeString(root.resolve("packs/ab/.nfs0001"), "x");
        Files.writeString(root.resolve("packs/ab/ABC"), "x");
        Files.createSymbolicLink(root.resolve("packs/ab/link"), root.resolve("packs/ab/abc"));
        try (Stream<BlobInfo> blobs = store.list("")) {
            assertThat(blobs).containsExactly(new BlobInfo("packs/ab/abc", 5));
        }
        assertThat(store.exists("packs/ab/link")).as("a link may lead anywhere").isFalse();
    }

    @Test
    void leftoversAreRemovedWhenTheDirectoryIsOpenedButNotWhatIsBeingWritten() throws IOException {
        Path root = directory.resolve("swept");
        DirectoryBlobStore first = DirectoryBlobStore.create(root);
        Files.createDirectory(root.resolve("tmp/a-directory"));
        Path leftover = Files.writeString(root.resolve("tmp/leftover"), "x");
        Path otherWay = Files.createSymbolicLink(directory.resolve("link"), root);
        try (PendingBlob blob = first.create()) {
            blob.write(bytes("hello"));
            DirectoryBlobStore.open(root);
            DirectoryBlobStore.open(otherWay);
            assertThat(leftover).doesNotExist();
            blob.commit("config");
        }
        assertThat(text(first.read("config", 0, 5))).isEqualTo("hello");
    }

    @Test
    void aMissingDirectoryIsNoRepository() throws IOException {
        assertFails(StorageErrorCode.REPOSITORY_NOT_FOUND, () -> DirectoryBlobStore.open(directory.resolve("nowhere")));
        Path file = Files.writeString(directory.resolve("file"), "x");
        assertFails(StorageErrorCode.REPOSITORY_NOT_FOUND, () -> DirectoryBlobStore.open(file));
    }

    @Test
    void aDirectoryThatIsGoneIsSaidToBeGone() {
        BlobStore store = new DirectoryBlobStore(directory.resolve("gone"), new LocalFiles());
        assertFails(StorageErrorCode.REPOSITORY_NOT_FOUND, () -> store.size("config"));
    }

    @Test
    void aFileWhereADirectoryShouldBeCannotBeWritten() throws IOException {
        Path file = Files.writeString(directory.resolve("file"), "x");
        for (Path path : List.of(file, file.resolve("below"))) {
            assertFails(StorageErrorCode.REPOSITORY_NOT_WRITABLE, () -> DirectoryBlobStore.create(path));
        }
        BlobStore store = emptyStore();
        store.putIfAbsent("packs", bytes("x"));
        assertFails(StorageErrorCode.REPOSITORY_NOT_WRITABLE, () -> store.putIfAbsent("packs/ab/abc", bytes("x")));
        assertThat(Files.readString(file)).isEqualTo("x");
    }

    @Test
    void aLargerReserveTakesThePlaceOfASmallerOneAndNotTheOtherWayRound() {
        Path root = directory.resolve("reserve");
        Path reserve = root.resolve(ReserveFile.NAME);
        for (long[] step : new long[][] {{1000, 1000}, {3000, 3000}, {2000, 3000}}) {
            assertThat(DirectoryBlobStore.create(root, step[0]).reserve().keep())
                    .isTrue();
            assertThat(reserve).hasSize(step[1]);
        }
    }

    @Test
    void aTruncatedFileIsDamage() throws IOException {
        BlobStore store = emptyStore();
        store.putIfAbsent("config", ByteBuffer.allocate(100));
        Files.write(Path.of(store.location(), "config"), new byte[99]);
        assertFails(StorageErrorCode.DATA_DAMAGED, () -> store.read("config", 50, 50));
    }

    @Test
    void anInterruptedThreadIsToldSoAndLeavesNothing() throws Exception {
        BlobStore store = emptyStore();
        PendingBlob blob = store.create();
        Thread.currentThread().interrupt();
        try {
            assertFails(StorageErrorCode.INTERRUPTED, () -> blob.write(ByteBuffer.allocate(WriteBuffers.BYTES)));
        } finally {
            assertThat(Thread.interrupted()).as("still interrupted").isTrue();
        }
        try (Stream<Path> left = Files.list(Path.of(store.location(), "tmp"))) {
            assertThat(left).isEmpty();
        }
    }

    private static String permissions(Path path) throws IOException {
        return PosixFilePermissions.toString(Files.getPosixFilePermissions(path));
    }
}
