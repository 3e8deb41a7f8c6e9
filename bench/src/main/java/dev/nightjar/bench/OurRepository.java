package dev.nightjar.bench;

import dev.nightjar.nbd.client.NbdUri;
import dev.nightjar.service.backup.plan.PlanTotals;
import dev.nightjar.service.backup.pull.DiskRead;
import dev.nightjar.service.backup.pull.DiskStatus;
import dev.nightjar.service.restore.raw.RawFile;
import dev.nightjar.service.source.OpenExport;
import dev.nightjar.service.source.UnreadableData;
import dev.nightjar.storage.blob.DirectoryBlobStore;
import dev.nightjar.storage.chunk.ChunkSize;
import dev.nightjar.storage.ingest.DiskDescription;
import dev.nightjar.storage.ingest.DiskIngest;
import dev.nightjar.storage.ingest.IngestSession;
import dev.nightjar.storage.ingest.PointFacts;
import dev.nightjar.storage.ingest.RunLease;
import dev.nightjar.storage.key.NewKeys;
import dev.nightjar.storage.key.RecoveryKey;
import dev.nightjar.storage.point.CaptureMode;
import dev.nightjar.storage.point.PointRecord;
import dev.nightjar.storage.repository.Repository;
import dev.nightjar.storage.repository.RepositoryOptions;
import dev.nightjar.testkit.TempDirectory;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Instant;
import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** A repository in a directory and a database of its own, and what the service does with one, in its order and by its classes. */
final class OurRepository implements AutoCloseable {

    private static final UUID MACHINE = UUID.randomUUID();

    private final Path directory;
    private final BenchDatabase.Pool database;
    private final Repository repository;

    private OurRepository(Path directory, BenchDatabase.Pool database, Repository repository) {
        this.directory = directory;
        this.database = database;
        this.repository = repository;
    }

    static OurRepository create(Path parent, BenchDatabase server, boolean encrypted) {
        Path directory = parent.resolve("repository-" + UUID.randomUUID());
        BenchDatabase.Pool database = server.fresh();
        RepositoryOptions plain = RepositoryOptions.defaults();
        RepositoryOptions options = encrypted
                ? plain.encrypted(new NewKeys("correct horse battery", RecoveryKey.generate(new SecureRandom())))
                : plain;
        return new OurRepository(
                directory,
                database,
                Repository.create(DirectoryBlobStore.create(directory), options, database.source()));
    }

    Repository repository() {
        return repository;
    }

    Path directory() {
        return directory;
    }

    BenchDatabase.Pool database() {
        return database;
    }

    /** Reads everything that is not known to be zero. */
    PointRecord full(String uri) {
        return backUp(uri, null, null);
    }

    /** Reads what the bitmap of that name calls dirty, if it is not null. */
    PointRecord backUp(String uri, @Nullable UUID parent, @Nullable String bitmap) {
        ChunkSize chunkSize = repository.config().chunkSize();
        CaptureMode mode = bitmap == null ? CaptureMode.FULL : CaptureMode.INCREMENTAL;
        String context = bitmap == null ? null : OpenExport.DIRTY_PREFIX + bitmap;
        try (IngestSession session = repository.beginIngest(new RunLease(UUID.randomUUID(), 1));
                OpenExport export = OpenExport.open(NbdUri.parse(uri), context, true)) {
            DiskDescription disk = new DiskDescription(
                    MACHINE, "machine", "vda", export.client().export().size());
            DiskIngest ingest = session.disk(disk, parent, mode);
            PointRecord before = parent == null ? null : repository.point(parent);
            DiskStatus status = new DiskStatus(
                    export,
                    chunkSize,
                    bitmap != null,
                    before == null ? dev.nightjar.storage.point.DamagedRanges.NONE : before.damaged());
            status.walk(new PlanTotals());
            new DiskRead(export.client(), chunkSize, UnreadableData.FAIL, ingest, _ -> {}).read(status);
            return session.commit(new PointFacts(UUID.randomUUID(), Instant.now(), "CRASH", Map.of()))
                    .points()
                    .getFirst();
        }
    }

    void restore(PointRecord point, Path file) {
        try {
            RawFile.write(repository.reader(point.id()), file, sink -> sink);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Deletes it. */
    @Override
    public void close() {
        repository.close();
        database.close();
        TempDirectory.deleteTree(directory);
    }
}
