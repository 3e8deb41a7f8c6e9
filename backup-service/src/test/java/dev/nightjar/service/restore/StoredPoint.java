package dev.nightjar.service.restore;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import dev.nightjar.storage.blob.DirectoryBlobStore;
import dev.nightjar.storage.ingest.DiskDescription;
import dev.nightjar.storage.ingest.DiskIngest;
import dev.nightjar.storage.ingest.IngestSession;
import dev.nightjar.storage.ingest.PointFacts;
import dev.nightjar.storage.ingest.RunLease;
import dev.nightjar.storage.recover.RecoveryPointReader;
import dev.nightjar.storage.repository.Repository;
import dev.nightjar.storage.repository.RepositoryOptions;
import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Arrays;
import java.util.Map;
import java.util.Random;
import java.util.UUID;

/** A repository with one point whose bytes are known: data, a long hole, data, a short last chunk. */
final class StoredPoint implements AutoCloseable {

    static final int CHUNK = 65_536;
    // Not a multiple of 4096: it ends within a block of an export with such blocks.
    static final int SIZE = 100 * CHUNK + 1536;

    private static final byte[] CONTENT = new byte[SIZE];

    static {
        new Random(1).nextBytes(CONTENT);
        Arrays.fill(CONTENT, 3 * CHUNK, 98 * CHUNK, (byte) 0);
    }

    private final EmbeddedPostgres postgres;
    private final HikariDataSource database;
    private final Repository repository;
    private final UUID id;
    private final Path witness;

    StoredPoint(Path directory) throws IOException {
        witness = Files.write(directory.resolve("witness.raw"), CONTENT);
        postgres = EmbeddedPostgres.builder().setServerConfig("fsync", "off").start();
        HikariConfig pool = new HikariConfig();
        pool.setDataSource(postgres.getPostgresDatabase());
        database = new HikariDataSource(pool);
        repository = Repository.create(
                DirectoryBlobStore.create(directory.resolve("repository")), RepositoryOptions.defaults(), database);
        id = storeIn(repository);
    }

    /** Stores the point in a repository. */
    static UUID storeIn(Repository repository) {
        try (IngestSession session = repository.beginIngest(new RunLease(UUID.randomUUID(), 1))) {
            DiskIngest ingest = session.disk(new DiskDescription(UUID.randomUUID(), "web-1", "vda", SIZE), null);
            ingest.data(0, ByteBuffer.wrap(CONTENT, 0, 3 * CHUNK));
            ingest.zero(3L * CHUNK, 95L * CHUNK);
            ingest.data(98L * CHUNK, ByteBuffer.wrap(CONTENT, 98 * CHUNK, SIZE - 98 * CHUNK));
            return session.commit(new PointFacts(UUID.randomUUID(), Instant.EPOCH, "CRASH", Map.of()))
                    .points()
                    .getFirst()
                    .id();
        }
    }

    RecoveryPointReader reader() {
        return repository.reader(id);
    }

    /** The bytes of the disk, a copy. */
    static byte[] content() {
        return CONTENT.clone();
    }

    /** The same bytes as a raw file. */
    Path witness() {
        return witness;
    }

    @Override
    public void close() {
        repository.close();
        database.close();
        try {
            postgres.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
