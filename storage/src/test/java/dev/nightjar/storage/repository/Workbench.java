package dev.nightjar.storage.repository;

import static org.assertj.core.api.Assertions.assertThat;

import dev.nightjar.storage.blob.BlobStore;
import dev.nightjar.storage.chunk.ChunkSize;
import dev.nightjar.storage.ingest.CommittedSet;
import dev.nightjar.storage.ingest.DiskDescription;
import dev.nightjar.storage.ingest.DiskIngest;
import dev.nightjar.storage.ingest.IngestSession;
import dev.nightjar.storage.ingest.PointFacts;
import dev.nightjar.storage.ingest.RunLease;
import dev.nightjar.storage.point.Checkpoint;
import dev.nightjar.storage.point.PointRecord;
import dev.nightjar.storage.recover.RecoveryPointReader;
import dev.nightjar.storage.recover.RegionSink;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.time.Instant;
import java.util.Map;
import java.util.UUID;
import javax.sql.DataSource;

/** What the tests do with repositories all the time: small chunks, one machine, disks as byte arrays. */
public final class Workbench {

    public static final int CHUNK = 4096;
    public static final UUID MACHINE = UUID.fromString("00000000-0000-4000-8000-000000000001");

    private Workbench() {}

    public static Repository create(BlobStore blobs, DataSource database) {
        return Repository.create(blobs, new RepositoryOptions(new ChunkSize(CHUNK), 256 * 1024, null), database);
    }

    public static RunLease lease() {
        return new RunLease(UUID.randomUUID(), 1);
    }

    public static PointFacts facts() {
        return new PointFacts(
                UUID.randomUUID(), Instant.now(), "CRASH", Map.of("vda", new Checkpoint("nightjar-1", "node0")));
    }

    public static DiskDescription describe(DiskModel disk, String name) {
        return new DiskDescription(MACHINE, "machine", name, disk.bytes.length);
    }

    /** A whole run of one disk: full without a parent, else incremental. */
    public static PointRecord capture(Repository repository, DiskModel disk, UUID parent) {
        try (IngestSession session = repository.beginIngest(lease())) {
            feed(session.disk(describe(disk, "vda"), parent), disk, parent != null);
            CommittedSet set = session.commit(facts());
            disk.dirty.clear();
            return set.points().getFirst();
        }
    }

    /** Hands in what a source would: dirty chunks only or all of them, zeros as zeros where a whole chunk is. */
    public static void feed(DiskIngest ingest, DiskModel disk, boolean incremental) {
        int chunk = 0;
        while (chunk < disk.chunks()) {
            if (incremental && !disk.dirty.get(chunk)) {
                chunk++;
                continue;
            }
            boolean zero = disk.isZero(chunk);
            int end = chunk + 1;
            while (end < disk.chunks()
                    && end - chunk < 37
                    && (!incremental || disk.dirty.get(end))
                    && disk.isZero(end) == zero) {
                end++;
            }
            int offset = chunk * CHUNK;
            int length = disk.end(end - 1) - offset;
            // Sources do not recognise all zeros: every third range is handed in as data.
            if (zero && chunk % 3 != 0) {
                ingest.zero(offset, length);
            } else {
                ingest.data(offset, ByteBuffer.wrap(disk.bytes, offset, length));
            }
            chunk = end;
        }
    }

    /** The whole disk of a point, by sequential reading. */
    public static byte[] restore(Repository repository, UUID point) {
        return restore(repository.reader(point));
    }

    /** The whole disk of a point, by sequential reading. */
    public static byte[] restore(RecoveryPointReader reader) {
        return part(reader, 0, reader.size());
    }

    /** A part of a disk, by sequential reading; checks that it comes without gaps and with zeros in one piece. */
    public static byte[] part(RecoveryPointReader reader, long from, long length) {
        byte[] bytes = new byte[(int) length];
        java.util.Arrays.fill(bytes, (byte) 0x55);
        long[] reached = {from};
        boolean[] zeroBefore = {false};
        try {
            reader.regions(from, length, new RegionSink() {
                @Override
                public void data(long offset, ByteBuffer content) {
                    assertThat(offset).isEqualTo(reached[0]);
                    reached[0] += content.remaining();
                    zeroBefore[0] = false;
                    content.get(bytes, (int) (offset - from), content.remaining());
                }

                @Override
                public void zero(long offset, long zeros) {
                    assertThat(offset).isEqualTo(reached[0]);
                    assertThat(zeros).isPositive();
                    assertThat(zeroBefore[0]).as("zeros in two pieces").isFalse();
                    zeroBefore[0] = true;
                    reached[0] += zeros;
                    java.util.Arrays.fill(bytes, (int) (offset - from), (int) (offset - from + zeros), (byte) 0);
                }
            });
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        assertThat(reached[0]).isEqualTo(from + length);
        return bytes;
    }
}
