package dev.nightjar.storage.golden;

import dev.nightjar.storage.blob.DirectoryBlobStore;
import dev.nightjar.storage.catalog.CatalogServer;
import dev.nightjar.storage.chunk.ChunkSize;
import dev.nightjar.storage.ingest.DiskDescription;
import dev.nightjar.storage.ingest.DiskIngest;
import dev.nightjar.storage.ingest.IngestSession;
import dev.nightjar.storage.ingest.PointFacts;
import dev.nightjar.storage.ingest.RunLease;
import dev.nightjar.storage.key.NewKeys;
import dev.nightjar.storage.key.RecoveryKey;
import dev.nightjar.storage.point.Checkpoint;
import dev.nightjar.storage.point.PointRecord;
import dev.nightjar.storage.repository.Repository;
import dev.nightjar.storage.repository.RepositoryOptions;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.BitSet;
import java.util.HashMap;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.Test;

/**
 * Makes the golden repositories of this release's formats; not part of the tests. To be run once, when a version of a format is new, into a directory that does not exist yet:
 *
 * <pre>
 * mvn -pl storage -am verify -Dtest=none -Dsurefire.failIfNoSpecifiedTests=false -Dfailsafe.failIfNoSpecifiedTests=false \
 *     -Dit.test=GoldenMaker -Dgolden.directory=$PWD/storage/src/test/resources/golden/v2
 * </pre>
 *
 * <p>What is committed there is never made again: it proves that what an old release wrote can be read.
 */
class GoldenMaker {

    private static final UUID MACHINE = UUID.fromString("6d616368-696e-4520-8000-000000000001");

    @Test
    void makes() throws IOException {
        Path directory = Path.of(System.getProperty("golden.directory"));
        Files.createDirectory(directory);
        make(directory.resolve("plain"), null);
        RecoveryKey recoveryKey = RecoveryKey.generate(new SecureRandom());
        Files.writeString(directory.resolve("recovery-key.txt"), recoveryKey.text() + "\n");
        make(directory.resolve("encrypted"), new NewKeys(GoldenDisks.PASSPHRASE, recoveryKey));
    }

    private static void make(Path directory, NewKeys keys) {
        RepositoryOptions options = new RepositoryOptions(new ChunkSize(GoldenDisks.CHUNK), 64 * 1024, keys);
        try (Repository repository =
                Repository.create(DirectoryBlobStore.create(directory), options, CatalogServer.freshDatabase())) {
            Map<String, UUID> parents = new HashMap<>();
            for (int step = 0; step < GoldenDisks.STEPS; step++) {
                capture(repository, parents, step);
            }
        }
    }

    private static void capture(Repository repository, Map<String, UUID> parents, int step) {
        try (IngestSession session = repository.beginIngest(new RunLease(UUID.randomUUID(), 1))) {
            for (String disk : GoldenDisks.NAMES) {
                DiskDescription description = new DiskDescription(MACHINE, "gölden", disk, GoldenDisks.size(disk));
                feed(session.disk(description, parents.get(disk)), disk, step);
            }
            // The first disk alone has checkpoints.
            Map<String, Checkpoint> checkpoints = Map.of("vda", new Checkpoint("nightjar-" + step, "identity-" + step));
            PointFacts facts = new PointFacts(
                    UUID.randomUUID(), GoldenDisks.instant(step), step == 1 ? "FILESYSTEM" : "CRASH", checkpoints);
            for (PointRecord point : session.commit(facts).points()) {
                parents.put(point.diskName(), point.id());
            }
        }
    }

    /** Hands in the chunks that were written to: zeros as such where a whole chunk is zero. */
    private static void feed(DiskIngest ingest, String disk, int step) {
        byte[] bytes = GoldenDisks.bytes(disk, step);
        BitSet touched = new BitSet();
        int chunks = Math.ceilDiv(bytes.length, GoldenDisks.CHUNK);
        if (step == 0) {
            touched.set(0, chunks);
        } else {
            GoldenDisks.writes(disk, step)
                    .forEach(write -> touched.set(
                            write.offset() / GoldenDisks.CHUNK,
                            Math.ceilDiv(write.offset() + write.length(), GoldenDisks.CHUNK)));
        }
        for (int chunk = touched.nextSetBit(0); chunk >= 0; ) {
            boolean zero = isZero(bytes, chunk);
            int end = chunk + 1;
            while (touched.get(end) && end - chunk < 64 && isZero(bytes, end) == zero) {
                end++;
            }
            int offset = chunk * GoldenDisks.CHUNK;
            int length = Math.min(end * GoldenDisks.CHUNK, bytes.length) - offset;
            if (zero) {
                ingest.zero(offset, length);
            } else {
                ingest.data(offset, ByteBuffer.wrap(bytes, offset, length));
            }
            chunk = touched.nextSetBit(end);
        }
        if (disk.equals("vdb") && step == 1) {
            ingest.damaged(GoldenDisks.DAMAGED_OFFSET, GoldenDisks.DAMAGED_LENGTH);
        }
    }

    private static boolean isZero(byte[] bytes, int chunk) {
        int end = Math.min(bytes.length, (chunk + 1) * GoldenDisks.CHUNK);
        for (int i = chunk * GoldenDisks.CHUNK; i < end; i++) {
            if (bytes[i] != 0) {
                return false;
            }
        }
        return true;
    }
}
