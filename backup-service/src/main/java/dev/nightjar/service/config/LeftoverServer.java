package dev.nightjar.service.config;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
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
        Path pidFile = files.resolve("postmaster.pid");
        if (!Files.exists(pidFile)) {
            return;
        }
        List<String> lines = Files.readAllLines(pidFile);
        Optional<ProcessHandle> process = lines.isEmpty()
                ? Optional.empty()
                : ProcessHandle.of(Long.parseLong(lines.getFirst().strip()))
                        .filter(handle -> servesFrom(handle, files));
        if (process.isPresent()) {
            LOG.warn(
                    "stopping the PostgreSQL {} that a killed process left behind",
                    process.get().pid());
            // SIGTERM: no new clients, ends when the last one is gone; the killed process's connections are closed
            // already.
            process.get().destroy();
            await(process.get(), files);
        }
    }

    // The number may by now belong to any process; only a postgres started on these files is ours.
    private static boolean servesFrom(ProcessHandle handle, Path files) {
        try {
            String commandLine = Files.readString(Path.of("/proc/" + handle.pid() + "/cmdline"));
            return commandLine.contains("postgres") && commandLine.contains(files.toString());
        } catch (IOException e) {
            return false;
        }
    }

    private static void await(ProcessHandle process, Path files) throws IOException {
        try {
            process.onExit().get(STOP_LIMIT.toSeconds(), TimeUnit.SECONDS);
        } catch (TimeoutException | ExecutionException e) {
            throw new IOException("the PostgreSQL " + process.pid() + " on " + files + " does not end", e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("interrupted while waiting for PostgreSQL " + process.pid(), e);
        }
    }
}
