package dev.nightjar.storage.blob.s3;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.nightjar.storage.StorageErrorCode;
import dev.nightjar.storage.StorageException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class S3RetentionTest {

    private final Instant until = Instant.now().plus(Duration.ofDays(30)).truncatedTo(ChronoUnit.SECONDS);

    @TempDir
    Path spool;

    @Test
    void whatIsRetainedIsNotDeletedBeforeItsDateAndWholeAfterwards() throws IOException {
        try (ObjectLockServer server = new ObjectLockServer(true);
                S3BlobStore store = open(server)) {
            assertThat(store.retention().isKept()).isTrue();
            store.putIfAbsent("packs/aa/x", ByteBuffer.wrap(new byte[5]));
            assertThat(store.retention().retainedUntil("packs/aa/x")).isEmpty();
            store.retention().retain("packs/aa/x", until);

            assertThat(store.retention().retainedUntil("packs/aa/x")).contains(until);
            assertThatThrownBy(() -> store.delete("packs/aa/x"))
                    .hasMessageContaining(until.toString())
                    .isInstanceOfSatisfying(
                            StorageException.class,
                            e -> assertThat(e.code()).isEqualTo(StorageErrorCode.BLOB_RETAINED));
            assertThat(store.exists("packs/aa/x")).isTrue();

            server.passUntil(until.plusSeconds(1));
            store.delete("packs/aa/x");
            assertThat(server.stores("p/packs/aa/x"))
                    .as("a delete marker would keep the space")
                    .isFalse();
        }
    }

    @Test
    void retentionIsExtendedAndNeverMadeShorter() throws IOException {
        try (ObjectLockServer server = new ObjectLockServer(true);
                S3BlobStore store = open(server)) {
            store.putIfAbsent("config", ByteBuffer.wrap(new byte[5]));
            store.retention().retain("config", until);
            store.retention().retain("config", until.minusSeconds(60));
            assertThat(store.retention().retainedUntil("config")).contains(until);
            store.retention().retain("config", until.plusSeconds(60));
            assertThat(store.retention().retainedUntil("config")).contains(until.plusSeconds(60));
        }
    }

    @Test
    void aStoreThatForgetsWhatItShallKeepIsFoundOut() throws IOException {
        try (ObjectLockServer server = new ObjectLockServer(false);
                S3BlobStore store = open(server)) {
            assertThat(store.retention().isKept()).isFalse();
            assertThat(store.list("")).isEmpty();
        }
    }

    @Test
    void whatIsNotThereIsSaidNotToBe() throws IOException {
        try (ObjectLockServer server = new ObjectLockServer(true);
                S3BlobStore store = open(server)) {
            store.delete("nothing");
            assertThatThrownBy(() -> store.retention().retain("nothing", until))
                    .isInstanceOfSatisfying(
                            StorageException.class,
                            e -> assertThat(e.code()).isEqualTo(StorageErrorCode.BLOB_NOT_FOUND));
        }
    }

    private S3BlobStore open(ObjectLockServer server) {
        return S3BlobStore.open(
                S3Location.parse("s3://bucket/p?endpoint=" + server.endpoint()),
                new S3Credentials("key", "secret").always(),
                spool);
    }
}
