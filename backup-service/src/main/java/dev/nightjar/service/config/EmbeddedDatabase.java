package dev.nightjar.service.config;

import dev.nightjar.service.error.NightjarException;
import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;

/**
 * A real PostgreSQL of the appliance's own: its files stay in the data directory across restarts, it listens on a random loopback port, and only who knows
 * the random password may connect. A server left behind by a killed process is stopped first. Thread-safe.
 */
final class EmbeddedDatabase implements AutoCloseable {

    static final String USER = "postgres";

    private static final Duration START_LIMIT = Duration.ofSeconds(60);

    private final EmbeddedPostgres server;
    private final DatabasePassword password;

    private EmbeddedDatabase(EmbeddedPostgres server, DatabasePassword password) {
        this.server = server;
        this.password = password;
    }

    /**
     * Starts the server on the files below {@code data}, creating them the first time. Blocks until it answers.
     *
     * @throws NightjarException DATABASE_NOT_STARTED with what the server said
     */
    static EmbeddedDatabase start(Path data) {
        return start(data, START_LIMIT);
    }

    /** As {@link #start(Path)}, with a limit of its own for how long no server need be running. */
    static EmbeddedDatabase start(Path data, Duration limit) {
        try {
            LeftoverServer.stop(data.resolve("postgres"));
            DatabaseFiles files = DatabaseFiles.in(data);
            return new EmbeddedDatabase(files.serve(limit), files.password());
        } catch (IOException | IllegalStateException e) {
            throw new NightjarException(
                    "DATABASE_NOT_STARTED",
                    "the embedded PostgreSQL in " + data.resolve("postgres") + " did not start: " + e.getMessage(),
                    "See the log above for what PostgreSQL said, or set nightjar.database.url to another server.",
                    e);
        }
    }

    String url() {
        return "jdbc:postgresql://127.0.0.1:" + server.getPort() + "/postgres";
    }

    String password() {
        return password.text();
    }

    /** Stops the server cleanly; its files stay. */
    @Override
    public void close() throws IOException {
        server.close();
    }
}
