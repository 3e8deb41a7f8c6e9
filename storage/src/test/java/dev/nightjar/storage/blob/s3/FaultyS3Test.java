package dev.nightjar.storage.blob.s3;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.nightjar.storage.StorageErrorCode;
import dev.nightjar.storage.StorageException;
import dev.nightjar.storage.blob.BlobInfo;
import dev.nightjar.storage.blob.Patience;
import dev.nightjar.storage.blob.s3.FaultyS3.Fault;
import dev.nightjar.storage.blob.s3.S3Clients.S3Timeouts;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Collections;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class FaultyS3Test {

    private static final S3Timeouts QUICK = new S3Timeouts(
            Duration.ofSeconds(5), Duration.ofMillis(500), Duration.ofMillis(500), Duration.ofMillis(1500));
    private static final S3Timeouts PATIENT = new S3Timeouts(
            Duration.ofSeconds(10), Duration.ofSeconds(10), Duration.ofSeconds(20), Duration.ofSeconds(60));
    private static final byte[] CONTENT = "what was written".getBytes(StandardCharsets.US_ASCII);

    private final FaultyS3 server = new FaultyS3();

    @TempDir
    Path spool;

    private S3BlobStore store;

    @BeforeEach
    void open() {
        store = open(PATIENT);
    }

    @AfterEach
    void close() {
        store.close();
        server.close();
    }

    @Test
    void aStoreThatIsBusyForAMomentIsAskedAgain() {
        server.next(Fault.BUSY, Fault.BROKEN, Fault.BUSY);
        assertThat(put(CONTENT)).isTrue();
        assertThat(server.requests()).isEqualTo(4);
    }

    @Test
    void aStoreThatStaysBusyIsUnavailableAfterFiveAttempts() {
        server.put("config", CONTENT);
        server.next(Fault.BUSY, Fault.BUSY, Fault.BUSY, Fault.BUSY, Fault.BUSY);
        assertFails(StorageErrorCode.STORE_UNAVAILABLE, () -> store.read("config", 0, CONTENT.length));
        assertThat(server.requests()).isEqualTo(5);
        assertThat(store.read("config", 0, CONTENT.length)).isEqualTo(ByteBuffer.wrap(CONTENT));
    }

    @Test
    void whoHasSomebodyWaitingAsksTwiceAndNoMore() {
        server.put("config", CONTENT);
        server.next(Fault.BUSY, Fault.BUSY);
        assertFails(
                StorageErrorCode.STORE_UNAVAILABLE,
                () -> Patience.briefly(() -> store.read("config", 0, CONTENT.length)));
        assertThat(server.requests()).isEqualTo(2);
        server.next(Fault.BUSY);
        assertThat(Patience.briefly(() -> store.read("config", 0, CONTENT.length)))
                .isEqualTo(ByteBuffer.wrap(CONTENT));
        server.next(Fault.BUSY, Fault.BUSY);
        assertThat(Patience.briefly(() -> Patience.atLength(() -> store.read("config", 0, CONTENT.length))))
                .isEqualTo(ByteBuffer.wrap(CONTENT));
    }

    @Test
    void whoWritesANameWhileSomebodyElseDoesAsksAgain() {
        server.next(Fault.CONFLICT, Fault.CONFLICT);
        assertThat(put(CONTENT)).isTrue();
        assertThat(server.requests()).isEqualTo(3);
    }

    @Test
    void whoseAnswerWasLostIsStillTheFirst() {
        server.next(Fault.ANSWER_LOST);
        assertThat(put(CONTENT)).isTrue();
        assertThat(put(CONTENT)).isFalse();
    }

    @Test
    void whoCameTooLateIsNotTheFirstHoweverOftenHeWasAsked() {
        server.put("config", "somebody else's".getBytes(StandardCharsets.US_ASCII));
        server.next(Fault.BUSY);
        assertThat(put(CONTENT)).isFalse();
    }

    @Test
    void anAnswerThatIsCutShortIsReadAgainAndNeverHandedOut() {
        server.put("config", CONTENT);
        server.next(Fault.CUT_SHORT);
        assertThat(store.read("config", 0, CONTENT.length)).isEqualTo(ByteBuffer.wrap(CONTENT));
    }

    @Test
    void aListThatIsCutShortIsAskedForAgain() {
        server.put("points/1", CONTENT);
        server.put("points/2", CONTENT);
        server.next(Fault.CUT_SHORT, Fault.CUT_SHORT);
        assertThat(store.list("points/").map(BlobInfo::name)).containsExactlyInAnyOrder("points/1", "points/2");
    }

    @Test
    void aMoveWhoseReceiptIsCutShortIsDoneAgain() {
        server.put("config", CONTENT);
        // It is looked whether the name is taken, then copied.
        server.next(Fault.NONE, Fault.CUT_SHORT);
        assertThat(store.move("config", "trash/config")).isTrue();
        assertThat(store.read("trash/config", 0, CONTENT.length)).isEqualTo(ByteBuffer.wrap(CONTENT));
        assertThat(store.exists("config")).isFalse();
    }

    @Test
    void anAnswerThatStaysShortIsUnavailableAndNotDamaged() {
        server.put("config", CONTENT);
        Fault[] all = Collections.nCopies(5, Fault.CUT_SHORT).toArray(new Fault[0]);
        server.next(all);
        assertFails(StorageErrorCode.STORE_UNAVAILABLE, () -> store.read("config", 0, CONTENT.length));
        server.next(all);
        assertFails(StorageErrorCode.STORE_UNAVAILABLE, () -> store.list("").count());
    }

    @Test
    void aStoreThatSendsLessThanItHasIsUnavailableAndNotDamaged() {
        server.put("config", CONTENT);
        server.next(Fault.TOO_LITTLE);
        assertFails(StorageErrorCode.STORE_UNAVAILABLE, () -> store.read("config", 0, CONTENT.length));
        assertFails(StorageErrorCode.DATA_DAMAGED, () -> store.read("config", 0, CONTENT.length + 1));
    }

    @Test
    void aStoreThatSaysNothingIsUnavailableAndNotDamaged() {
        server.put("config", CONTENT);
        server.next(Fault.SILENT, Fault.SILENT, Fault.SILENT, Fault.SILENT, Fault.SILENT);
        try (S3BlobStore hasty = open(QUICK)) {
            assertFails(StorageErrorCode.STORE_UNAVAILABLE, () -> hasty.read("config", 0, CONTENT.length));
        }
    }

    private boolean put(byte[] content) {
        return store.putIfAbsent("config", ByteBuffer.wrap(content));
    }

    private S3BlobStore open(S3Timeouts timeouts) {
        return S3BlobStore.open(server.location(), new S3Credentials("key", "secret").always(), spool, timeouts);
    }

    private static void assertFails(StorageErrorCode code, ThrowingCallable call) {
        assertThatThrownBy(call)
                .isInstanceOfSatisfying(
                        StorageException.class, e -> assertThat(e.code()).isEqualTo(code));
    }
}
