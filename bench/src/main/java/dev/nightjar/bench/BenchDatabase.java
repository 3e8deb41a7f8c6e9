package dev.nightjar.bench;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import dev.nightjar.service.config.EmbeddedDatabaseSettings;
import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import javax.sql.DataSource;

/** A PostgreSQL with the settings of the service's embedded one; every repository gets a database of its own. */
final class BenchDatabase implements AutoCloseable {

    private static final int CONNECTIONS = 20;

    private final EmbeddedPostgres server;
    private int databases;

    private BenchDatabase(EmbeddedPostgres server) {
        this.server = server;
    }

    static BenchDatabase start(Path directory) throws IOException {
        return new BenchDatabase(EmbeddedDatabaseSettings.apply(EmbeddedPostgres.builder())
                .setDataDirectory(directory.resolve("postgres"))
                .setOverrideWorkingDirectory(
                        directory.resolve("postgres-binaries").toFile())
                .start());
    }

    /** A database without any schema, and the pool of connections to it. */
    Pool fresh() {
        String name = "bench_" + ++databases;
        administer("CREATE DATABASE " + name);
        HikariConfig config = new HikariConfig();
        config.setDataSource(server.getDatabase("postgres", name));
        config.setMaximumPoolSize(CONNECTIONS);
        config.setMinimumIdle(1);
        return new Pool(name, new HikariDataSource(config));
    }

    private void administer(String sql) {
        try (Connection connection = server.getPostgresDatabase().getConnection();
                Statement statement = connection.createStatement()) {
            statement.execute(sql);
        } catch (SQLException e) {
            throw new IllegalStateException(sql, e);
        }
    }

    @Override
    public void close() throws IOException {
        server.close();
    }

    /** One database; dropped on close. */
    final class Pool implements AutoCloseable {

        private final String name;
        private final HikariDataSource connections;

        private Pool(String name, HikariDataSource connections) {
            this.name = name;
            this.connections = connections;
        }

        DataSource source() {
            return connections;
        }

        @Override
        public void close() {
            connections.close();
            administer("DROP DATABASE " + name + " WITH (FORCE)");
        }
    }
}
