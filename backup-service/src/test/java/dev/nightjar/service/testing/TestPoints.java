package dev.nightjar.service.testing;

import dev.nightjar.storage.ingest.DiskDescription;
import dev.nightjar.storage.ingest.IngestSession;
import dev.nightjar.storage.ingest.PointFacts;
import dev.nightjar.storage.ingest.RunLease;
import dev.nightjar.storage.point.PointRecord;
import dev.nightjar.storage.repository.Repository;
import java.nio.ByteBuffer;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.UUID;

/** Makes real recovery points of small disks without a source. */
public final class TestPoints {

    private TestPoints() {}

    /** A point of each disk, taken at the same instant; one chunk of content each. */
    public static List<PointRecord> take(Repository repository, UUID machine, Instant instant, String... disks) {
        int chunk = repository.config().chunkSize().bytes();
        try (IngestSession session = repository.beginIngest(new RunLease(UUID.randomUUID(), 1))) {
            for (String disk : disks) {
                ByteBuffer content = ByteBuffer.allocate(chunk);
                content.put(0, (byte) 1).putLong(8, instant.toEpochMilli());
                session.disk(new DiskDescription(machine, "web-1", disk, chunk), null)
                        .data(0, content);
            }
            return session.commit(new PointFacts(UUID.randomUUID(), instant, "CRASH", Map.of()))
                    .points();
        }
    }
}
