package dev.nightjar.storage.blob.s3;

import static org.assertj.core.api.Assertions.assertThat;

import dev.nightjar.storage.StorageErrorCode;
import dev.nightjar.storage.blob.BlobStore;
import dev.nightjar.storage.blob.BlobStoreContract;
import dev.nightjar.storage.blob.PendingBlob;
import dev.nightjar.storage.blob.s3.S3Clients.S3Timeouts;
import dev.nightjar.testkit.S3Proxy;
import dev.nightjar.testkit.TempDirectory;
import java.net.URLEncoder;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

class S3BlobStoreIT extends BlobStoreContract {

    private static final Path JAR = Path.of("target/peers/s3proxy.jar").toAbsolutePath();
    private static final S3Credentials CREDENTIALS = new S3Credentials(S3Proxy.ACCESS_KEY, S3Proxy.SECRET_KEY);
    private static final S3Timeouts QUICK =
            new S3Timeouts(Duration.ofSeconds(1), Duration.ofSeconds(2), Duration.ofSeconds(2), Duration.ofSeconds(8));

    private static TempDirectory directory;
    private static S3Proxy server;

    private S3BlobStore store;

    @BeforeAll
    static void startServer() {
        directory = TempDirectory.create();
        server = S3Proxy.start(JAR, directory.path());
        server.createBucket("backups");
    }

    @AfterAll
    static void stopServer() {
        server.close();
        directory.close();
    }

    @Override
    protected BlobStore emptyStore() {
        store = S3BlobStore.open(location("backups", UUID.randomUUID().toString()), CREDENTIALS.always(), spool());
        return store;
    }

    @AfterEach
    void close() {
        store.close();
    }

    @Test
    void onlyOneOfManyWritersWins() {
        StoreProbe.requirePutIfAbsent(store);
        assertThat(names("")).isEmpty();
    }

    @Test
    void aStoreWithoutObjectLockSaysSo() {
        assertThat(store.locksObjects()).isFalse();
        assertThat(store.retention().isKept()).isFalse();
    }

    @Test
    void aBlobThatIsTooLongForOneRequestGoesInParts() {
        byte[] piece = new byte[1 << 20];
        long pieces = (S3Upload.WHOLE_BYTES >> 20) + 3;
        try (PendingBlob blob = store.create()) {
            for (int i = 0; i < pieces; i++) {
                piece[0] = (byte) i;
                piece[piece.length - 1] = (byte) ~i;
                blob.write(ByteBuffer.wrap(piece));
            }
            assertThat(blob.commit("packs/aa/large").created()).isTrue();
        }
        assertThat(store.size("packs/aa/large")).isEqualTo(pieces << 20);
        for (long i : new long[] {0, 15, 16, pieces - 1}) {
            ByteBuffer read = store.read("packs/aa/large", i << 20, 1 << 20);
            assertThat(read.get(0)).isEqualTo((byte) i);
            assertThat(read.get((1 << 20) - 1)).isEqualTo((byte) ~i);
        }
    }

    @Test
    void aBlobThatGoesInPartsReplacesNoneThatIsThere() {
        ByteBuffer first = ByteBuffer.wrap(new byte[] {1, 2, 3});
        store.putIfAbsent("packs/aa/taken", first);
        try (PendingBlob blob = store.create()) {
            blob.write(ByteBuffer.allocate((int) S3Upload.WHOLE_BYTES + 1));
            assertThat(blob.commit("packs/aa/taken").created()).isFalse();
        }
        assertThat(store.size("packs/aa/taken")).isEqualTo(3);
        assertThat(store.read("packs/aa/taken", 0, 3)).isEqualTo(first);
    }

    @Test
    void partsArePutTogetherAlsoIfTheReceiptOfThatIsLost() {
        long bytes = S3Upload.WHOLE_BYTES + 1;
        int parts = (int) Math.ceilDiv(bytes, S3Upload.PART_BYTES);
        try (FaultyFront front = FaultyFront.before(server.uri());
                S3BlobStore faulty = ImpatientS3.open("backups", front.uri(), spool())) {
            for (FaultyFront.Fault fault :
                    List.of(FaultyFront.Fault.HALF_AN_ANSWER, FaultyFront.Fault.RESET_AFTERWARDS)) {
                String name = "packs/bb/" + UUID.randomUUID();
                try (PendingBlob blob = faulty.create()) {
                    blob.write(ByteBuffer.allocate((int) bytes));
                    front.arm(parts + 2, 1, fault);
                    blob.commit(name);
                }
                assertThat(front.disarm()).isEqualTo(1);
                assertThat(faulty.size(name)).isEqualTo(bytes);
            }
        }
    }

    @Test
    void moreNamesThanOnePageAreListed() {
        for (int i = 0; i < 1005; i++) {
            store.putIfAbsent("points/p" + i, ByteBuffer.wrap(new byte[] {1}));
        }
        assertThat(names("points/")).hasSize(1005).doesNotHaveDuplicates();
    }

    @Test
    void aBucketThatDoesNotExistIsSaidToBeMissing() {
        try (S3BlobStore nowhere = S3BlobStore.open(location("nowhere", "x"), CREDENTIALS.always(), spool())) {
            assertFails(StorageErrorCode.REPOSITORY_NOT_FOUND, () -> nowhere.read("config", 0, 1));
            assertFails(
                    StorageErrorCode.REPOSITORY_NOT_FOUND,
                    () -> nowhere.putIfAbsent("config", ByteBuffer.wrap(new byte[1])));
            assertFails(
                    StorageErrorCode.REPOSITORY_NOT_FOUND,
                    () -> nowhere.list("").count());
        }
    }

    @Test
    void aWrongKeyIsSaidToBeRefused() {
        S3Credentials wrong = new S3Credentials(S3Proxy.ACCESS_KEY, "not the secret");
        try (S3BlobStore refused = S3BlobStore.open(location("backups", "x"), wrong.always(), spool())) {
            assertFails(StorageErrorCode.STORE_ACCESS_DENIED, () -> refused.read("config", 0, 1));
            assertFails(StorageErrorCode.STORE_ACCESS_DENIED, () -> refused.exists("config"));
        }
    }

    @Test
    void anotherKeyCountsFromTheNextRequestOn() {
        AtomicReference<S3Credentials> key =
                new AtomicReference<>(new S3Credentials(S3Proxy.ACCESS_KEY, "not the secret"));
        try (S3BlobStore bucket = S3BlobStore.open(location("backups", "y"), () -> Optional.of(key.get()), spool())) {
            assertFails(StorageErrorCode.STORE_ACCESS_DENIED, () -> bucket.exists("config"));
            key.set(CREDENTIALS);
            assertThat(bucket.exists("config")).isFalse();
        }
    }

    @Test
    void aStoreThatIsDownIsUnavailableAndNothingIsTakenForDamageOrMissing() {
        S3Location down = new S3Location("backups", "", java.net.URI.create("http://127.0.0.1:1"), "us-east-1", true);
        try (S3BlobStore gone = S3BlobStore.open(down, CREDENTIALS.always(), spool(), QUICK)) {
            assertFails(StorageErrorCode.STORE_UNAVAILABLE, () -> gone.read("config", 0, 1));
            assertFails(StorageErrorCode.STORE_UNAVAILABLE, () -> gone.exists("config"));
            assertFails(StorageErrorCode.STORE_UNAVAILABLE, () -> gone.list("").count());
            try (PendingBlob blob = gone.create()) {
                blob.write(ByteBuffer.wrap(new byte[10]));
                assertFails(StorageErrorCode.STORE_UNAVAILABLE, () -> blob.commit("packs/aa/x"));
            }
        }
    }

    private static S3Location location(String bucket, String prefix) {
        return S3Location.parse("s3://" + bucket + "/" + prefix + "?endpoint="
                + URLEncoder.encode(server.uri().toString(), StandardCharsets.UTF_8));
    }

    private static Path spool() {
        return directory.resolve("spool-" + UUID.randomUUID());
    }
}
