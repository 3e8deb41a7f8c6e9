package dev.nightjar.service.config;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A PostgreSQL that outlived the process that started it, found by its {@code postmaster.pid}. */
final class LeftoverServer {

    private static final Logger LOG = LoggerFactory.getLogger(LeftoverServer.class);
    private static final Duration STOP_LIMIT = Duration.ofSeconds(30);

    private LeftoverServer() {}

    /**
     * Stops the server that still runs on these files, if one does; returns once it is gone. The caller holds the lock of the data
     * directory, so nobody else uses it.
     *
     * @throws IOException if it does not end within 30 s; it then still runs
     */
    static void stop(Path files) throws IOException {
        Path pidFile = files.resolve(ServerProcess.PID_FILE);
        if (!Files.exists(pidFile)) {
            return;
        }
        Optional<ProcessHandle> server = ServerProcess.on(files);
        if (server.isPresent()) {
            LOG.warn(
                    "stopping the PostgreSQL {} that a killed process left behind",
                    server.get().pid());
            interrupt(server.get());
            await(server.get(), files);
        }
        // Of a server that was killed itself. PostgreSQL refuses to start as long as any process has the number written
        // there, which is
        // likely after a container's restart.
        Files.deleteIfExists(pidFile);
    }

    // SIGINT, which Java cannot send itself: roll back, disconnect everybody, end cleanly. On SIGTERM it would wait for
    // its clients.
    private static void interrupt(ProcessHandle server) throws IOException {
        new ProcessBuilder("/bin/sh", "-c", "kill -INT " + server.pid())
                .inheritIO()
                .start();
    }

    private static void await(ProcessHandle server, Path files) throws IOException {
        try {
            server.onExit().get(STOP_LIMIT.toSeconds(), TimeUnit.SECONDS);
        } catch (TimeoutException | ExecutionException e) {
            throw new IOException("the PostgreSQL " + server.pid() + " on " + files + " does not end", e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("interrupted while waiting for PostgreSQL " + server.pid(), e);
        }
    }
}
