package dev.nightjar.storage.blob;

import static dev.nightjar.storage.blob.BlobStoreContract.assertFails;
import static dev.nightjar.storage.blob.BlobStoreContract.bytes;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import dev.nightjar.storage.StorageErrorCode;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The order in which a directory is written, and what is left when one step of it fails. */
class DirectoryDurabilityTest {

    @TempDir
    Path root;

    private RecordingFiles files;
    private DirectoryBlobStore store;

    @BeforeEach
    void openStore() {
        files = new RecordingFiles(root);
        store = new DirectoryBlobStore(root, files);
    }

    @Test
    void everyStepIsDurableBeforeTheNextDependsOnIt() {
        store.putIfAbsent("packs/ab/abc", bytes("hello"));
        assertThat(files.operations())
                .containsExactly(
                        "mkdir tmp",
                        "create tmp/x",
                        "write tmp/x",
                        "sync tmp/x",
                        "mkdir packs",
                        "sync /",
                        "mkdir packs/ab",
                        "sync packs/",
                        "link tmp/x packs/ab/abc",
                        "sync packs/ab/",
                        "delete tmp/x");
    }

    @Test
    void directoriesThatAreDurableAreNotSyncedAgain() {
        store.putIfAbsent("packs/ab/abc", bytes("hello"));
        files.forget();
        store.putIfAbsent("packs/ab/abd", bytes("hello"));
        assertThat(files.operations())
                .containsExactly(
                        "create tmp/x",
                        "write tmp/x",
                        "sync tmp/x",
                        "link tmp/x packs/ab/abd",
                        "sync packs/ab/",
                        "delete tmp/x");
    }

    @Test
    void directoriesThatSomebodyElseMadeAreSyncedOnce() throws IOException {
        Files.createDirectories(root.resolve("packs/ab"));
        store.putIfAbsent("packs/ab/abc", bytes("hello"));
        assertThat(files.operations()).contains("sync /", "sync packs/").doesNotContain("mkdir packs");
    }

    @Test
    void aDirectoryThatIsFoundIsMadeDurableByWhoeverCreatesOrOpensAStoreInIt() {
        DirectoryBlobStore.create(root, files, 0);
        assertThat(files.operations()).startsWith("sync ../");
        files.forget();
        DirectoryBlobStore.open(root, files, 0);
        assertThat(files.operations()).startsWith("sync /");
    }

    @Test
    void aNameThatWasTakenIsMadeDurableToo() {
        store.putIfAbsent("config", bytes("one"));
        files.forget();
        assertThat(store.putIfAbsent("config", bytes("two"))).isFalse();
        assertThat(files.operations()).containsSubsequence("link tmp/x config", "sync /", "delete tmp/x");
    }

    @Test
    void aDeletedNameIsDurablyGone() {
        store.putIfAbsent("points/p", bytes("one"));
        files.forget();
        store.delete("points/p");
        assertThat(files.operations()).containsExactly("delete points/p", "sync points/");
    }

    @Test
    void aMovedBlobHasItsNewNameDurablyBeforeItLosesTheOldOne() {
        store.putIfAbsent("packs/ab/abc", bytes("hello"));
        files.forget();
        store.move("packs/ab/abc", "trash/abc");
        assertThat(files.operations())
                .containsExactly(
                        "mkdir trash",
                        "sync /",
                        "link packs/ab/abc trash/abc",
                        "sync trash/",
                        "delete packs/ab/abc",
                        "sync packs/ab/");
    }

    @ParameterizedTest
    @ValueSource(strings = {"mkdir trash", "sync /", "link packs/ab/abc trash/abc", "sync trash/"})
    void aMoveThatFailsBeforeTheNewNameIsDurableLeavesTheOldOneOnly(String step) {
        store.putIfAbsent("packs/ab/abc", bytes("hello"));
        files.fail(step, new IOException("Input/output error"));
        assertFails(StorageErrorCode.REPOSITORY_IO_ERROR, () -> store.move("packs/ab/abc", "trash/abc"));
        files.heal();
        assertThat(store.exists("packs/ab/abc")).isTrue();
        assertThat(store.exists("trash/abc")).isFalse();
        assertThat(store.move("packs/ab/abc", "trash/abc")).isTrue();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "mkdir tmp",
                "create tmp/x",
                "write tmp/x",
                "sync tmp/x",
                "mkdir packs",
                "sync /",
                "mkdir packs/ab",
                "sync packs/",
                "link tmp/x packs/ab/abc",
                "sync packs/ab/"
            })
    void afterAFailureOfAnyStepThereIsNothingAndANewBlobCanBeWritten(String step) throws IOException {
        files.fail(step, new IOException("Input/output error"));
        assertFails(StorageErrorCode.REPOSITORY_IO_ERROR, () -> store.putIfAbsent("packs/ab/abc", bytes("hello")));
        files.heal();
        assertThat(store.exists("packs/ab/abc")).isFalse();
        assertThat(everyFile()).isEmpty();
        assertThat(store.putIfAbsent("packs/ab/abc", bytes("hello"))).isTrue();
    }

    @Test
    void aFailedSyncIsNeverTriedAgainOnThatFile() {
        files.fail("sync tmp/x", new IOException("Input/output error"));
        PendingBlob blob = store.create();
        blob.write(bytes("hello"));
        assertFails(StorageErrorCode.REPOSITORY_IO_ERROR, () -> blob.commit("config"));
        files.heal();
        assertThatIllegalStateException().isThrownBy(() -> blob.commit("config"));
        assertThat(files.operations().stream().filter("sync tmp/x"::equals)).hasSize(1);
    }

    @Test
    void aDirectoryWhoseNameCouldNotBeSyncedIsMadeAnew() {
        files.fail("sync packs/", new IOException("Input/output error"));
        assertFails(StorageErrorCode.REPOSITORY_IO_ERROR, () -> store.putIfAbsent("packs/ab/abc", bytes("hello")));
        assertThat(root.resolve("packs/ab")).doesNotExist();
        files.heal();
        files.forget();
        store.putIfAbsent("packs/ab/abc", bytes("hello"));
        assertThat(files.operations()).containsSubsequence("mkdir packs/ab", "sync packs/", "link tmp/x packs/ab/abc");
    }

    @Test
    void aFailedWriteEndsTheBlob() throws IOException {
        PendingBlob blob = store.create();
        files.fail("write tmp/x", new IOException("No space left on device"));
        assertFails(StorageErrorCode.REPOSITORY_FULL, () -> blob.write(asMuchAsIsWrittenAtOnce()));
        files.heal();
        assertThatIllegalStateException().isThrownBy(() -> blob.write(bytes("hello")));
        assertThatIllegalStateException().isThrownBy(() -> blob.commit("config"));
        assertThat(everyFile()).isEmpty();
    }

    @Test
    void whatWasGatheredAndCannotBeWrittenAtTheEndEndsTheBlob() throws IOException {
        PendingBlob blob = store.create();
        blob.write(bytes("hello"));
        files.fail("write tmp/x", new IOException("No space left on device"));
        assertFails(StorageErrorCode.REPOSITORY_FULL, () -> blob.commit("config"));
        files.heal();
        assertThatIllegalStateException().isThrownBy(() -> blob.commit("config"));
        assertThat(everyFile()).isEmpty();
    }

    private static ByteBuffer asMuchAsIsWrittenAtOnce() {
        return ByteBuffer.allocate(WriteBuffers.BYTES);
    }

    @Test
    void aTemporaryFileThatCannotBeRemovedDoesNotUndoTheBlob() throws IOException {
        files.fail("delete tmp/x", new IOException("Input/output error"));
        assertThat(store.putIfAbsent("config", bytes("hello"))).isTrue();
        assertThat(everyFile()).hasSize(2);
        try (Stream<BlobInfo> blobs = store.list("")) {
            assertThat(blobs).containsExactly(new BlobInfo("config", 5));
        }
    }

    @ParameterizedTest
    @CsvSource({
        "No space left on device, REPOSITORY_FULL",
        "Disk quota exceeded, REPOSITORY_FULL",
        "Read-only file system, REPOSITORY_NOT_WRITABLE",
        "Operation not permitted, REPOSITORY_NOT_WRITABLE",
        "Not a directory, REPOSITORY_NOT_WRITABLE",
        "Input/output error, REPOSITORY_IO_ERROR"
    })
    void whatTheSystemSaysHasACode(String reason, StorageErrorCode code) {
        for (String step : List.of("create tmp/x", "sync tmp/x", "link tmp/x config", "sync /")) {
            files.fail(step, new FileSystemException("f", null, reason));
            assertFails(code, () -> store.putIfAbsent("config", bytes("hello")));
        }
    }

    @Test
    void aDeniedAccessIsNotWritable() {
        files.fail("create tmp/x", new AccessDeniedException("tmp/x"));
        assertFails(StorageErrorCode.REPOSITORY_NOT_WRITABLE, () -> store.putIfAbsent("config", bytes("x")));
    }

    private List<Path> everyFile() throws IOException {
        try (Stream<Path> files = Files.walk(root)) {
            return files.filter(Files::isRegularFile).toList();
        }
    }
}
