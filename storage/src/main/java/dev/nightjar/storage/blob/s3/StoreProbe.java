package dev.nightjar.storage.blob.s3;

import dev.nightjar.storage.Awaited;
import dev.nightjar.storage.StorageErrorCode;
import dev.nightjar.storage.StorageException;
import dev.nightjar.storage.blob.BlobInfo;
import dev.nightjar.storage.blob.BlobStore;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/**
 * Finds out what a store really does before a repository is made in it: some stores accept a conditional put and ignore the condition, some keep it only while nobody
 * races. A repository on such a store would lose what two writers write at the same time.
 */
public final class StoreProbe {

    private static final int RACERS = 16;
    private static final String RETAINED = "probe/retained-";
    private static final Duration PROBED = Duration.ofMinutes(5);

    private StoreProbe() {}

    /**
     * Lets many writers race for a name; blocks. Leaves nothing behind.
     *
     * @throws StorageException STORE_UNSUITABLE if not exactly one wins, or if another content is read than the winner's; or what the store throws
     */
    public static void requirePutIfAbsent(BlobStore store) {
        String name = "probe/" + UUID.randomUUID();
        try {
            List<Boolean> won = race(store, name);
            long winners = won.stream().filter(each -> each).count();
            if (winners != 1) {
                throw unsuitable(store, winners + " of " + RACERS + " writers were told that they were the first");
            }
            ByteBuffer stored = store.read(name, 0, (int) store.size(name));
            if (!stored.equals(content(won.indexOf(true))) || store.putIfAbsent(name, content(RACERS))) {
                throw unsuitable(store, "an object that was there was overwritten");
            }
        } finally {
            store.delete(name);
        }
    }

    /**
     * Finds out whether a store that lets blobs be retained then refuses to delete them; some accept it and forget it. Leaves a small blob behind that is gone with the next probe.
     *
     * @throws StorageException what the store throws
     */
    static boolean keepsWhatItRetains(BlobStore store) {
        try (Stream<BlobInfo> before = store.list(RETAINED)) {
            before.map(BlobInfo::name).forEach(name -> isRefused(store, name));
        }
        String name = RETAINED + UUID.randomUUID();
        store.putIfAbsent(name, content(0));
        // The nearest second that is certainly in the future by the store's clock, too.
        store.retention().retain(name, Instant.now().plus(PROBED).truncatedTo(ChronoUnit.SECONDS));
        return isRefused(store, name);
    }

    private static boolean isRefused(BlobStore store, String name) {
        try {
            store.delete(name);
            return false;
        } catch (StorageException e) {
            if (e.code() == StorageErrorCode.BLOB_RETAINED) {
                return true;
            }
            throw e;
        }
    }

    private static List<Boolean> race(BlobStore store, String name) {
        List<Callable<Boolean>> racers = IntStream.range(0, RACERS)
                .<Callable<Boolean>>mapToObj(i -> () -> store.putIfAbsent(name, content(i)))
                .toList();
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            List<Future<Boolean>> results = threads.invokeAll(racers);
            return results.stream()
                    .map(result -> Awaited.of(result, "the probe", "Try again."))
                    .toList();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new StorageException(
                    StorageErrorCode.INTERRUPTED,
                    "the probe of " + store.location() + " was interrupted",
                    "Try again.",
                    e);
        }
    }

    private static ByteBuffer content(int writer) {
        return ByteBuffer.wrap(("writer " + writer).repeat(100).getBytes(StandardCharsets.US_ASCII));
    }

    private static StorageException unsuitable(BlobStore store, String why) {
        return new StorageException(
                StorageErrorCode.STORE_UNSUITABLE,
                store.location() + " does not keep what If-None-Match promises: " + why,
                "Use a store that does, such as Amazon S3, Ceph RGW or MinIO, or a directory.");
    }
}
