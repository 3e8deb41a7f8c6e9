package dev.nightjar.service.backup;

import static org.assertj.core.api.Assertions.assertThat;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import dev.nightjar.service.config.NightjarProperties;
import dev.nightjar.service.source.SourceSpec;
import dev.nightjar.service.source.Sources;
import dev.nightjar.service.testing.TestProperties;
import dev.nightjar.storage.blob.DirectoryBlobStore;
import dev.nightjar.storage.chunk.ChunkKind;
import dev.nightjar.storage.recover.RegionSink;
import dev.nightjar.storage.repository.Repository;
import dev.nightjar.storage.repository.RepositoryOptions;
import dev.nightjar.storage.scrub.ScrubLimits;
import dev.nightjar.storage.scrub.ScrubListener;
import dev.nightjar.testkit.DiskRef;
import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Clock;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.springframework.context.annotation.AnnotationConfigApplicationContext;

/** As much of the appliance as a backup needs: sources wired by Spring, a repository in a directory, a real PostgreSQL. */
final class Appliance implements AutoCloseable {

    static final UUID MACHINE = UUID.fromString("77777777-0000-4000-8000-000000000001");

    /** Where a pack says what its chunks are. */
    private static final int KIND_AT = 8;

    private static final AtomicInteger DATABASES = new AtomicInteger();

    private final AnnotationConfigApplicationContext spring = new AnnotationConfigApplicationContext();
    private final HikariDataSource database;
    private final Path directory;
    final Repository repository;

    Appliance(Path directory) {
        this.directory = directory;
        database = freshDatabase();
        repository = Repository.create(
                DirectoryBlobStore.create(directory.resolve("repository")), RepositoryOptions.defaults(), database);
        spring.registerBean(Clock.class, Clock::systemUTC);
        spring.registerBean(NightjarProperties.class, () -> TestProperties.in(directory));
        spring.scan("dev.nightjar.service.source");
        spring.refresh();
    }

    /** Runs a backup to its end in this thread. */
    RecordedRun backUp(SourceSpec source, BackupRequest request) {
        RecordedRun run = new RecordedRun();
        backUp(source, request, run);
        return run;
    }

    void backUp(SourceSpec source, BackupRequest request, RecordedRun run) {
        BackedUpMachine machine = new BackedUpMachine(MACHINE, "web-1", source);
        new BackupTask(machine, request, () -> repository, spring.getBean(Sources.class)).execute(run);
    }

    /** Deletes every pack of a kind, as a failing disk might, and lets a scrub find that. */
    void lose(ChunkKind kind) throws IOException {
        try (Stream<Path> files = Files.walk(directory.resolve("repository/packs"))) {
            for (Path pack : files.filter(Files::isRegularFile).toList()) {
                if (Files.readAllBytes(pack)[KIND_AT] == kind.code()) {
                    Files.delete(pack);
                }
            }
        }
        assertThat(repository
                        .scrub(ScrubLimits.everything(), ScrubListener.NONE)
                        .damagedChunks())
                .isPositive();
    }

    /** Writes a point into a new raw file. */
    DiskRef restore(UUID point) {
        Path file = directory.resolve("restored-" + point + ".raw");
        var reader = repository.reader(point);
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE)) {
            if (reader.size() > 0) {
                channel.write(ByteBuffer.allocate(1), reader.size() - 1);
            }
            reader.regions(0, reader.size(), new RegionSink() {
                @Override
                public void data(long offset, ByteBuffer bytes) throws IOException {
                    long at = offset;
                    while (bytes.hasRemaining()) {
                        at += channel.write(bytes, at);
                    }
                }

                @Override
                public void zero(long offset, long length) {
                    // The file is one big hole.
                }
            });
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return DiskRef.raw(file);
    }

    @Override
    public void close() {
        spring.close();
        repository.close();
        database.close();
    }

    /** One server for all tests of this JVM; it ends with the JVM. */
    private static final class Server {
        static final EmbeddedPostgres RUNNING = start();

        private static EmbeddedPostgres start() {
            try {
                return EmbeddedPostgres.builder()
                        .setServerConfig("fsync", "off")
                        .start();
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
    }

    private static HikariDataSource freshDatabase() {
        String name = "appliance_" + DATABASES.incrementAndGet();
        try (Connection connection = Server.RUNNING.getPostgresDatabase().getConnection();
                Statement statement = connection.createStatement()) {
            statement.execute("CREATE DATABASE " + name);
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
        HikariConfig pool = new HikariConfig();
        pool.setDataSource(Server.RUNNING.getDatabase("postgres", name));
        pool.setMinimumIdle(0);
        return new HikariDataSource(pool);
    }
}
