package dev.nightjar.storage.catalog;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.postgresql.ds.PGSimpleDataSource;

/** A PostgreSQL of a test's own that can be killed and started again on what it left. Its clients come through a {@link WirePeer}. Used by one thread. */
public final class MortalPostgres implements AutoCloseable {

    private final Path directory;
    private final WirePeer wire;
    private final List<HikariDataSource> pools = new ArrayList<>();
    private EmbeddedPostgres server;

    private MortalPostgres(Path directory) throws IOException {
        this.directory = directory;
        server = start(directory, 0);
        wire = WirePeer.before(server.getPort());
    }

    /**
     * Starts one.
     *
     * @param directory for its files
     */
    public static MortalPostgres start(Path directory) {
        try {
            return new MortalPostgres(directory.resolve("postgres"));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** What stands between it and its clients. */
    public WirePeer wire() {
        return wire;
    }

    /** A new database. */
    public HikariDataSource create(String name) {
        execute("CREATE DATABASE " + name);
        return pool(name);
    }

    /** A database as another one is now, as if that were dumped and restored under this name. */
    public HikariDataSource copy(String from, String name) {
        execute("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = '" + from + "'");
        execute("CREATE DATABASE " + name + " TEMPLATE " + from);
        forgetConnections();
        return pool(name);
    }

    /** SIGKILL for the postmaster and what it started. */
    public void kill() {
        ProcessHandle postmaster = ProcessHandle.of(pid()).orElseThrow();
        List<ProcessHandle> all =
                Stream.concat(Stream.of(postmaster), postmaster.descendants()).toList();
        all.forEach(ProcessHandle::destroyForcibly);
        all.forEach(each -> each.onExit().join());
    }

    /** Starts it again after it was killed; it recovers what was committed. */
    public void restart() {
        int port = server.getPort();
        try {
            server.close();
        } catch (IOException e) {
            // It is dead.
        }
        try {
            server = start(directory, port);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        forgetConnections();
    }

    /** Drops the connections of all pools, which may be broken. */
    public void forgetConnections() {
        pools.forEach(pool -> pool.getHikariPoolMXBean().softEvictConnections());
    }

    /** Connections that somebody has and has not given back. */
    public int lentConnections() {
        return pools.stream()
                .mapToInt(pool -> pool.getHikariPoolMXBean().getActiveConnections())
                .sum();
    }

    @Override
    public void close() {
        pools.forEach(HikariDataSource::close);
        wire.close();
        try {
            server.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static EmbeddedPostgres start(Path directory, int port) throws IOException {
        EmbeddedPostgres.Builder builder = EmbeddedPostgres.builder()
                .setDataDirectory(directory)
                .setCleanDataDirectory(false)
                .setRegisterShutdownHook(true)
                // The machine does not crash, only the server does; which otherwise is set up as it should be.
                .setServerConfig("fsync", "off")
                .setServerConfig("synchronous_commit", "on")
                .setServerConfig("max_connections", "100");
        return (port == 0 ? builder : builder.setPort(port)).start();
    }

    private long pid() {
        try {
            return Long.parseLong(Files.readAllLines(directory.resolve("postmaster.pid"))
                    .getFirst()
                    .trim());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private HikariDataSource pool(String name) {
        PGSimpleDataSource source = new PGSimpleDataSource();
        source.setServerNames(new String[] {"127.0.0.1"});
        source.setPortNumbers(new int[] {wire.port()});
        source.setDatabaseName(name);
        source.setUser("postgres");
        // Each commit says so on the wire, not only the first one of a connection.
        source.setPrepareThreshold(0);
        HikariConfig config = new HikariConfig();
        config.setDataSource(source);
        config.setMaximumPoolSize(8);
        config.setMinimumIdle(0);
        config.setConnectionTimeout(TimeUnit.SECONDS.toMillis(1));
        HikariDataSource pool = new HikariDataSource(config);
        pools.add(pool);
        return pool;
    }

    private void execute(String sql) {
        try (Connection connection = server.getPostgresDatabase().getConnection();
                Statement statement = connection.createStatement()) {
            statement.execute(sql);
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
    }
}
