package dev.nightjar.storage.repository;

import static org.assertj.core.api.Assertions.assertThat;

import dev.nightjar.storage.StorageErrorCode;
import dev.nightjar.storage.StorageException;
import dev.nightjar.storage.blob.BlobInfo;
import dev.nightjar.storage.blob.BlobStore;
import dev.nightjar.storage.blob.DirectoryBlobStore;
import dev.nightjar.storage.blob.PendingBlob;
import dev.nightjar.storage.blob.StoredBlob;
import dev.nightjar.storage.catalog.CatalogServer;
import dev.nightjar.storage.ingest.DiskDescription;
import dev.nightjar.storage.ingest.DiskIngest;
import dev.nightjar.storage.ingest.IngestSession;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A repository that takes its time, or is full, while a source could deliver without end. */
@Timeout(120)
class BackPressureIT {

    private static final int READ = 1 << 20;
    private static final long DISK_BYTES = 1L << 40;
    /** What the budget allows, the pack that waits to be stored, the one that is filled meanwhile, and what each stage has in hand. */
    private static final long MOST_BYTES = (64L + 32 + 32 + 4) << 20;

    @TempDir
    Path directory;

    private final CountDownLatch waiting = new CountDownLatch(1);
    private final CountDownLatch release = new CountDownLatch(1);

    @Test
    void aSourceWaitsForASlowRepositoryAndIsToldWhenItIsFull() throws Exception {
        BlobStore full = new FullStore(DirectoryBlobStore.create(directory));
        try (Repository repository =
                        Repository.create(full, RepositoryOptions.defaults(), CatalogServer.freshDatabase());
                IngestSession session = repository.beginIngest(Workbench.lease())) {
            DiskIngest ingest =
                    session.disk(new DiskDescription(Workbench.MACHINE, "machine", "vda", DISK_BYTES), null);
            CompletableFuture<StorageException> told = new CompletableFuture<>();
            Thread.ofPlatform().start(() -> feedUntilTold(ingest, told));
            assertThat(waiting.await(60, TimeUnit.SECONDS)).isTrue();
            awaitBlocked(ingest);

            assertThat(ingest.progress().readBytes()).isLessThanOrEqualTo(MOST_BYTES);
            assertThat(told).isNotDone();

            release.countDown();
            assertThat(told.get(60, TimeUnit.SECONDS).code()).isEqualTo(StorageErrorCode.REPOSITORY_FULL);
            assertThat(repository.points()).isEmpty();
            assertThat(repository.totals().packs()).isZero();
        }
        assertThat(DirectoryBlobStore.open(directory).list("packs/")).isEmpty();
    }

    private static void feedUntilTold(DiskIngest ingest, CompletableFuture<StorageException> told) {
        byte[] content = new byte[READ];
        new Random(1).nextBytes(content);
        try {
            for (long offset = 0; offset < DISK_BYTES; offset += READ) {
                for (int chunk = 0; chunk < READ; chunk += 64 * 1024) {
                    ByteBuffer.wrap(content).putLong(chunk, offset + chunk);
                }
                ingest.data(offset, ByteBuffer.wrap(content));
            }
            told.completeExceptionally(new AssertionError("a terabyte went in"));
        } catch (StorageException e) {
            told.complete(e);
        } catch (RuntimeException e) {
            told.completeExceptionally(e);
        }
    }

    /** Until nothing has been read for a while. */
    private static void awaitBlocked(DiskIngest ingest) throws InterruptedException {
        long before = -1;
        while (ingest.progress().readBytes() > before) {
            before = ingest.progress().readBytes();
            TimeUnit.SECONDS.sleep(1);
        }
    }

    /** Takes small blobs; the first pack that is to be stored waits, and then finds no space. */
    private final class FullStore implements BlobStore {

        private final BlobStore real;

        FullStore(BlobStore real) {
            this.real = real;
        }

        @Override
        public PendingBlob create() {
            PendingBlob blob = real.create();
            return new PendingBlob() {
                @Override
                public void write(ByteBuffer content) {
                    blob.write(content);
                }

                @Override
                public long bytes() {
                    return blob.bytes();
                }

                @Override
                public StoredBlob commit(String name) {
                    waiting.countDown();
                    try {
                        assertThat(release.await(60, TimeUnit.SECONDS)).isTrue();
                    } catch (InterruptedException e) {
                        throw new IllegalStateException(e);
                    }
                    throw new StorageException(StorageErrorCode.REPOSITORY_FULL, "no space", "Make room.");
                }

                @Override
                public void abort() {
                    blob.abort();
                }
            };
        }

        @Override
        public String location() {
            return real.location();
        }

        @Override
        public boolean putIfAbsent(String name, ByteBuffer content) {
            return real.putIfAbsent(name, content);
        }

        @Override
        public ByteBuffer read(String name, long offset, int length) {
            return real.read(name, offset, length);
        }

        @Override
        public long size(String name) {
            return real.size(name);
        }

        @Override
        public boolean exists(String name) {
            return real.exists(name);
        }

        @Override
        public Stream<BlobInfo> list(String prefix) {
            return real.list(prefix);
        }

        @Override
        public void delete(String name) {
            real.delete(name);
        }

        @Override
        public boolean move(String name, String to) {
            return real.move(name, to);
        }
    }
}
