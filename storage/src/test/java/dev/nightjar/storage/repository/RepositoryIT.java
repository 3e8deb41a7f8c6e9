package dev.nightjar.storage.repository;

import static org.assertj.core.api.Assertions.assertThat;

import dev.nightjar.storage.blob.DirectoryBlobStore;
import dev.nightjar.storage.catalog.CatalogServer;
import dev.nightjar.storage.ingest.DiskDescription;
import dev.nightjar.storage.ingest.DiskIngest;
import dev.nightjar.storage.ingest.IngestProgress;
import dev.nightjar.storage.ingest.IngestSession;
import dev.nightjar.storage.point.PointRecord;
import dev.nightjar.storage.recover.RegionSink;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.Random;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The real sizes: 64 KiB chunks, 32 MiB packs, 200 MB of data on a disk of 1 TiB. */
@Timeout(300)
class RepositoryIT {

    private static final int CHUNK = 64 * 1024;
    private static final int READ = 1 << 20;
    private static final int READS = 200;
    private static final long DISK_BYTES = 1L << 40;
    private static final long STRIDE = 3L << 30;

    @TempDir
    Path directory;

    @Test
    void twoHundredMegabytesSpreadOverATerabyteComeBackAsTheyWere() throws Exception {
        try (Repository repository = Repository.create(
                DirectoryBlobStore.create(directory), RepositoryOptions.defaults(), CatalogServer.freshDatabase())) {
            PointRecord full = capture(repository, null, 1);
            assertThat(full.totals().readBytes()).isEqualTo((long) READS * READ);
            assertThat(full.totals().storedBytes()).isBetween(60L << 20, 140L << 20);
            check(repository, full, 1, READS);

            PointRecord increment = capture(repository, full.id(), 2);
            assertThat(increment.totals().newBytes()).isEqualTo(10L * READ);
            check(repository, increment, 2, 10);
            assertThat(repository.catalogState()).isEqualTo(CatalogState.MATCHES);
        }
    }

    /** A full of version 1, or an increment whose first ten reads are of version 2. */
    private PointRecord capture(Repository repository, UUID parent, int version) {
        DiskDescription disk = new DiskDescription(Workbench.MACHINE, "machine", "vda", DISK_BYTES);
        try (IngestSession session = repository.beginIngest(Workbench.lease())) {
            DiskIngest ingest = session.disk(disk, parent);
            int reads = version == 1 ? READS : 10;
            long reached = 0;
            for (int i = 0; i < reads; i++) {
                if (version == 1) {
                    ingest.zero(reached, i * STRIDE - reached);
                }
                ingest.data(i * STRIDE, content(i, version));
                reached = i * STRIDE + READ;
                IngestProgress progress = ingest.progress();
                assertThat(progress.newBytes() + progress.deduplicatedBytes())
                        .isLessThanOrEqualTo(progress.readBytes());
            }
            if (version == 1) {
                ingest.zero(reached, DISK_BYTES - reached);
            }
            return session.commit(Workbench.facts()).points().getFirst();
        }
    }

    private static void check(Repository repository, PointRecord point, int version, int ofThatVersion)
            throws Exception {
        long[] reached = {0};
        int[] reads = {0};
        int[] zeros = {0};
        repository.reader(point.id()).regions(0, DISK_BYTES, new RegionSink() {
            @Override
            public void data(long offset, ByteBuffer bytes) {
                assertThat(offset).isEqualTo(reached[0]).isEqualTo(reads[0] * STRIDE);
                assertThat(bytes).isEqualTo(content(reads[0], reads[0] < ofThatVersion ? version : 1));
                reached[0] += bytes.remaining();
                reads[0]++;
            }

            @Override
            public void zero(long offset, long length) {
                assertThat(offset).isEqualTo(reached[0]);
                reached[0] += length;
                zeros[0]++;
            }
        });
        assertThat(reached[0]).isEqualTo(DISK_BYTES);
        assertThat(reads[0]).isEqualTo(READS);
        assertThat(zeros[0]).isEqualTo(READS);
    }

    /** Half noise, half text; every chunk differs from every other. */
    private static ByteBuffer content(int read, int version) {
        Random random = new Random(read * 31L + version);
        byte[] bytes = new byte[READ];
        for (int chunk = 0; chunk < READ; chunk += CHUNK) {
            byte[] noise = new byte[CHUNK / 2];
            random.nextBytes(noise);
            System.arraycopy(noise, 0, bytes, chunk, noise.length);
            java.util.Arrays.fill(bytes, chunk + noise.length, chunk + CHUNK, (byte) 'x');
        }
        return ByteBuffer.wrap(bytes);
    }
}
