package dev.nightjar.storage.blob;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.nightjar.storage.StorageErrorCode;
import dev.nightjar.storage.StorageException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.Stream;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What every {@link BlobStore} does. Each implementation's test extends this class and says how to get an empty store. */
public abstract class BlobStoreContract {

    private BlobStore store;

    /** A new and empty store. */
    protected abstract BlobStore emptyStore() throws Exception;

    @BeforeEach
    void openStore() throws Exception {
        store = emptyStore();
    }

    @Test
    void aBlobIsReadAsItWasPut() {
        ByteBuffer content = bytes("xxhello").position(2);
        assertThat(store.putIfAbsent("points/a-1", content)).isTrue();
        assertThat(content.position()).as("the caller's position stays").isEqualTo(2);
        assertThat(text(store.read("points/a-1", 0, 5))).isEqualTo("hello");
        assertThat(store.size("points/a-1")).isEqualTo(5);
        assertThat(store.exists("points/a-1")).isTrue();
        assertThat(store.exists("points/a")).isFalse();
        assertThat(store.exists("points")).isFalse();
    }

    @Test
    void aBlobOfNothingExists() {
        assertThat(store.putIfAbsent("empty", bytes(""))).isTrue();
        assertThat(store.size("empty")).isZero();
        assertThat(store.read("empty", 0, 0).hasRemaining()).isFalse();
    }

    @Test
    void theFirstBlobOfANameStays() {
        assertThat(store.putIfAbsent("config", bytes("first"))).isTrue();
        assertThat(store.putIfAbsent("config", bytes("second"))).isFalse();
        assertThat(text(store.read("config", 0, 5))).isEqualTo("first");
        try (PendingBlob blob = store.create()) {
            blob.write(bytes("third"));
            StoredBlob stored = blob.commit("config");
            assertThat(stored).isEqualTo(new StoredBlob("config", 5, false));
        }
        assertThat(text(store.read("config", 0, 5))).isEqualTo("first");
        assertThat(names("")).containsExactly("config");
    }

    @Test
    void ofManyThatRaceForANameOneWins() throws Exception {
        List<Callable<Boolean>> racers = new ArrayList<>();
        for (int i = 0; i < 16; i++) {
            ByteBuffer content = bytes("%02d".formatted(i).repeat(1000));
            racers.add(() -> store.putIfAbsent("points/race", content));
        }
        List<Integer> winners = new ArrayList<>();
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            List<Future<Boolean>> results = threads.invokeAll(racers);
            for (int i = 0; i < results.size(); i++) {
                if (results.get(i).get()) {
                    winners.add(i);
                }
            }
        }
        assertThat(winners).hasSize(1);
        assertThat(text(store.read("points/race", 0, 2000)))
                .isEqualTo("%02d".formatted(winners.getFirst()).repeat(1000));
    }

    @Test
    void rangesAreReadExactly() {
        store.putIfAbsent("config", bytes("0123456789"));
        ByteBuffer range = store.read("config", 3, 4);
        assertThat(range.position()).isZero();
        assertThat(text(range)).isEqualTo("3456");
        assertThat(text(store.read("config", 10, 0))).isEmpty();
    }

    @Test
    void rangesThatEndBeyondTheBlobAreDamage() {
        store.putIfAbsent("config", bytes("0123456789"));
        assertFails(StorageErrorCode.DATA_DAMAGED, () -> store.read("config", 8, 3));
        assertFails(StorageErrorCode.DATA_DAMAGED, () -> store.read("config", 11, 0));
        assertFails(StorageErrorCode.DATA_DAMAGED, () -> store.read("config", Long.MAX_VALUE, 8));
    }

    @Test
    void buffersAreBounded() {
        int tooLong = BlobStore.MAX_BUFFER_BYTES + 1;
        assertThatIllegalArgumentException().isThrownBy(() -> store.read("config", 0, tooLong));
        assertThatIllegalArgumentException().isThrownBy(() -> store.read("config", 0, -1));
        assertThatIllegalArgumentException()
                .isThrownBy(() -> store.putIfAbsent("config", ByteBuffer.allocate(tooLong)));
    }

    @Test
    void whatIsNotThereIsNotFound() {
        assertFails(StorageErrorCode.BLOB_NOT_FOUND, () -> store.read("packs/00/none", 0, 1));
        assertFails(StorageErrorCode.BLOB_NOT_FOUND, () -> store.size("packs/00/none"));
        assertThat(store.exists("packs/00/none")).isFalse();
        assertThat(names("packs/")).isEmpty();
    }

    @Test
    void aDirectoryIsNoBlob() {
        store.putIfAbsent("packs/00/a", bytes("a"));
        assertFails(StorageErrorCode.BLOB_NOT_FOUND, () -> store.read("packs/00", 0, 1));
        assertFails(StorageErrorCode.BLOB_NOT_FOUND, () -> store.size("packs"));
    }

    @Test
    void aPendingBlobIsSeenOnlyWhenCommitted() {
        try (PendingBlob blob = store.create()) {
            blob.write(bytes("hello "));
            blob.write(bytes("world"));
            assertThat(blob.bytes()).isEqualTo(11);
            assertThat(names("")).isEmpty();
            assertThat(blob.commit("packs/aa/aabb")).isEqualTo(new StoredBlob("packs/aa/aabb", 11, true));
        }
        assertThat(text(store.read("packs/aa/aabb", 0, 11))).isEqualTo("hello world");
    }

    @Test
    void aPendingBlobLargerThanABufferIsWhole() {
        byte[] piece = new byte[1024 * 1024];
        try (PendingBlob blob = store.create()) {
            for (int i = 0; i < 10; i++) {
                piece[i] = (byte) (i + 1);
                blob.write(ByteBuffer.wrap(piece));
            }
            blob.commit("packs/aa/big");
        }
        assertThat(store.size("packs/aa/big")).isEqualTo(10L * piece.length);
        assertThat(store.read("packs/aa/big", 9L * piece.length, piece.length)).isEqualTo(ByteBuffer.wrap(piece));
    }

    @Test
    void itAnswersForABlobThatIsThere() {
        store.putIfAbsent("config", bytes("hello"));
        store.putIfAbsent("config-empty", bytes(""));
        store.requireAnswer("config");
        store.requireAnswer("config-empty");
        assertFails(StorageErrorCode.BLOB_NOT_FOUND, () -> store.requireAnswer("config-missing"));
    }

    @Test
    void anAbortedBlobLeavesNothing() {
        try (PendingBlob blob = store.create()) {
            blob.write(bytes("hello"));
        }
        PendingBlob aborted = store.create();
        aborted.write(bytes("hello"));
        aborted.abort();
        aborted.abort();
        assertThatIllegalStateException().isThrownBy(() -> aborted.write(bytes("more")));
        assertThatIllegalStateException().isThrownBy(() -> aborted.commit("config"));
        assertThat(names("")).isEmpty();
    }

    @Test
    void aBlobIsCommittedOnce() {
        try (PendingBlob blob = store.create()) {
            blob.write(bytes("hello"));
            blob.commit("config");
            assertThatIllegalStateException().isThrownBy(() -> blob.commit("config2"));
            assertThatIllegalStateException().isThrownBy(() -> blob.write(bytes("more")));
        }
        assertThat(names("")).containsExactly("config");
    }

    @Test
    void manyBlobsArePendingAtATime() {
        try (PendingBlob one = store.create();
                PendingBlob two = store.create()) {
            one.write(bytes("one"));
            two.write(bytes("two"));
            two.commit("points/two");
            one.commit("points/one");
        }
        assertThat(text(store.read("points/one", 0, 3))).isEqualTo("one");
        assertThat(text(store.read("points/two", 0, 3))).isEqualTo("two");
    }

    @Test
    void aListingHasTheNamesWithAPrefixAndTheirLengths() {
        for (String name : List.of("config", "keys/k", "packs/aa/aa1", "packs/aa/aa2", "packs/ab/ab1", "points/p")) {
            store.putIfAbsent(name, bytes(name));
        }
        assertThat(names("")).hasSize(6);
        assertThat(names("packs/")).containsExactlyInAnyOrder("packs/aa/aa1", "packs/aa/aa2", "packs/ab/ab1");
        assertThat(names("packs/aa/")).containsExactlyInAnyOrder("packs/aa/aa1", "packs/aa/aa2");
        assertThat(names("packs/aa/aa2")).containsExactly("packs/aa/aa2");
        assertThat(names("packs/a")).hasSize(3);
        assertThat(names("p")).hasSize(4);
        assertThat(names("pack")).hasSize(3);
        assertThat(names("packs/aa/aa2/")).isEmpty();
        assertThat(names("trash/")).isEmpty();
        try (Stream<BlobInfo> blobs = store.list("keys/")) {
            assertThat(blobs).containsExactly(new BlobInfo("keys/k", 6));
        }
    }

    @Test
    void aDeletedBlobIsGoneAndDeletingTwiceIsNoError() {
        store.putIfAbsent("points/p", bytes("one"));
        store.delete("points/p");
        store.delete("points/p");
        store.delete("points/never");
        store.delete("never/there");
        assertThat(store.exists("points/p")).isFalse();
        assertThat(names("")).isEmpty();
        assertThat(store.putIfAbsent("points/p", bytes("two"))).isTrue();
        assertThat(text(store.read("points/p", 0, 3))).isEqualTo("two");
    }

    @Test
    void aMovedBlobHasItsNewNameOnly() {
        store.putIfAbsent("packs/ab/one", bytes("content"));
        assertThat(store.move("packs/ab/one", "trash/one")).isTrue();
        assertThat(text(store.read("trash/one", 0, 7))).isEqualTo("content");
        assertThat(names("")).containsExactly("trash/one");
        assertThat(store.putIfAbsent("packs/ab/one", bytes("again"))).isTrue();
        assertThat(text(store.read("trash/one", 0, 7))).isEqualTo("content");
    }

    @Test
    void aBlobDoesNotMoveToANameThatIsTaken() {
        store.putIfAbsent("packs/ab/one", bytes("one"));
        store.putIfAbsent("trash/one", bytes("other"));
        assertThat(store.move("packs/ab/one", "trash/one")).isFalse();
        assertThat(text(store.read("packs/ab/one", 0, 3))).isEqualTo("one");
        assertThat(text(store.read("trash/one", 0, 5))).isEqualTo("other");
    }

    @Test
    void whatIsNotThereCannotBeMoved() {
        assertFails(StorageErrorCode.BLOB_NOT_FOUND, () -> store.move("packs/ab/one", "trash/one"));
        store.putIfAbsent("trash/one", bytes("other"));
        assertFails(StorageErrorCode.BLOB_NOT_FOUND, () -> store.move("packs/ab/one", "trash/one"));
        assertThat(names("")).containsExactly("trash/one");
    }

    @Test
    void blobsMayBeDeletedWhileTheyAreListed() {
        for (int i = 0; i < 20; i++) {
            store.putIfAbsent("points/p" + i, bytes("x"));
        }
        try (Stream<BlobInfo> blobs = store.list("points/")) {
            blobs.forEach(blob -> store.delete(blob.name()));
        }
        assertThat(names("points/")).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "/",
                "..",
                ".",
                "../x",
                "a/../b",
                "a/./b",
                "a//b",
                "/a",
                "a/",
                "tmp/x",
                "tmp",
                "A",
                "a b",
                "a\\b",
                "a\0b",
                "-a",
                "a-",
                ".a",
                "a..b",
                "a/b/c/d/e",
                "ä",
                "a\n",
                "packs/*"
            })
    void namesThatBreakTheRulesAreRefusedByEveryMethod(String name) {
        StorageErrorCode code = StorageErrorCode.BLOB_NAME_INVALID;
        assertFails(code, () -> store.putIfAbsent(name, bytes("x")));
        assertFails(code, () -> store.read(name, 0, 1));
        assertFails(code, () -> store.size(name));
        assertFails(code, () -> store.exists(name));
        assertFails(code, () -> store.delete(name));
        assertFails(code, () -> store.move(name, "trash/x"));
        try (PendingBlob blob = store.create()) {
            assertFails(code, () -> blob.commit(name));
        }
        assertThat(names("")).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"../", "a/../", "/", "a//", "Packs"})
    void prefixesThatNoNameHasAreRefused(String prefix) {
        assertFails(StorageErrorCode.BLOB_NAME_INVALID, () -> names(prefix));
    }

    @Test
    void longestNameIsTakenAndALongerOneIsNot() {
        String longest = "packs/" + "a".repeat(BlobName.MAX_LENGTH - 6);
        assertThat(store.putIfAbsent(longest, bytes("x"))).isTrue();
        assertFails(StorageErrorCode.BLOB_NAME_INVALID, () -> store.putIfAbsent(longest + "a", bytes("x")));
    }

    /** Fails unless {@code call} throws an error of this code with a hint. */
    protected static void assertFails(StorageErrorCode code, ThrowingCallable call) {
        assertThatThrownBy(call).isInstanceOfSatisfying(StorageException.class, e -> {
            assertThat(e.code()).as(e.getMessage()).isEqualTo(code);
            assertThat(e.hint()).isNotBlank();
        });
    }

    /** The names that a listing of the store has. */
    protected List<String> names(String prefix) {
        try (Stream<BlobInfo> blobs = store.list(prefix)) {
            return blobs.map(BlobInfo::name).toList();
        }
    }

    static ByteBuffer bytes(String text) {
        return ByteBuffer.wrap(text.getBytes(StandardCharsets.US_ASCII));
    }

    static String text(ByteBuffer bytes) {
        return StandardCharsets.US_ASCII.decode(bytes).toString();
    }
}
