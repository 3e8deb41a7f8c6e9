package dev.nightjar.service.config;

import dev.nightjar.service.error.NightjarException;
import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.SecureRandom;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.HexFormat;

/**
 * A real PostgreSQL of the appliance's own: its files stay in the data directory across restarts, it listens on a random loopback port, and only who knows
 * the random password may connect. A server left behind by a killed process is stopped first. Thread-safe.
 */
final class EmbeddedDatabase implements AutoCloseable {

    static final String USER = "postgres";
    private static final Duration START_LIMIT = Duration.ofSeconds(60);

    private final EmbeddedPostgres server;
    private final String password;

    private EmbeddedDatabase(EmbeddedPostgres server, String password) {
        this.server = server;
        this.password = password;
    }

    /**
     * Starts the server on the files below {@code data}, creating them the first time. Blocks until it answers.
     *
     * @throws NightjarException DATABASE_NOT_STARTED with what the server said
     */
    static EmbeddedDatabase start(Path data) {
        Path files = data.resolve("postgres");
        try {
            LeftoverServer.stop(files);
            String password = password(data);
            boolean first = !Files.exists(files.resolve("PG_VERSION"));
            EmbeddedPostgres server = EmbeddedPostgres.builder()
                    .setDataDirectory(files)
                    .setCleanDataDirectory(false)
                    .setOverrideWorkingDirectory(
                            data.resolve("postgres-binaries").toFile())
                    .setRegisterShutdownHook(false)
                    .setPGStartupWait(START_LIMIT)
                    .setServerConfig("max_connections", "60")
                    .setServerConfig("shared_buffers", "128MB")
                    .setConnectConfig("password", password)
                    .start();
            if (first) {
                protect(server, files, password);
            }
            return new EmbeddedDatabase(server, password);
        } catch (IOException | SQLException | IllegalStateException e) {
            throw new NightjarException(
                    "DATABASE_NOT_STARTED",
                    "the embedded PostgreSQL in " + files + " did not start: " + e.getMessage(),
                    "See the log above for what PostgreSQL said, or set nightjar.database.url to another server.",
                    e);
        }
    }

    String url() {
        return "jdbc:postgresql://127.0.0.1:" + server.getPort() + "/postgres";
    }

    String password() {
        return password;
    }

    /** Stops the server cleanly; its files stay. */
    @Override
    public void close() throws IOException {
        server.close();
    }

    // initdb trusts everybody on the loopback interface; from the first start on the password is asked for.
    private static void protect(EmbeddedPostgres server, Path files, String password) throws SQLException, IOException {
        try (Connection connection = server.getPostgresDatabase().getConnection();
                Statement statement = connection.createStatement()) {
            statement.execute("ALTER ROLE " + USER + " PASSWORD '" + password + "'");
            Files.writeString(files.resolve("pg_hba.conf"), """
                    # Written by Nightjar: the password is in postgres-password beside this directory.
                    local all all scram-sha-256
                    host all all 127.0.0.1/32 scram-sha-256
                    host all all ::1/128 scram-sha-256
                    """);
            statement.execute("SELECT pg_reload_conf()");
        }
    }

    private static String password(Path data) throws IOException {
        Path file = data.resolve("postgres-password");
        if (Files.exists(file)) {
            return Files.readString(file).strip();
        }
        byte[] random = new byte[24];
        new SecureRandom().nextBytes(random);
        String password = HexFormat.of().formatHex(random);
        Path created = Files.createFile(
                file, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
        Files.write(created, password.getBytes(StandardCharsets.US_ASCII));
        return password;
    }
}
