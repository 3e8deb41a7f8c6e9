package dev.nightjar.service.config;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/** The process of a PostgreSQL, found by the {@code postmaster.pid} beside the files that it serves. */
final class ServerProcess {

    static final String PID_FILE = "postmaster.pid";

    /** Which line of the file tells how far the server is. */
    private static final int STATUS = 7;

    /** How far a server is. */
    enum State {
        /** None is running. */
        NONE,
        /** It runs, and cannot let anybody in yet. */
        STARTING,
        /** It runs, and lets in whom it knows, or is about to end. */
        BEYOND
    }

    private ServerProcess() {}

    /** The PostgreSQL that runs on these files; empty if none does. */
    static Optional<ProcessHandle> on(Path files) throws IOException {
        return process(files.resolve(PID_FILE)).filter(handle -> servesFrom(handle, files));
    }

    /** How far the PostgreSQL is that runs on these files. */
    static State state(Path files) throws IOException {
        if (on(files).isEmpty()) {
            return State.NONE;
        }
        List<String> lines = lines(files.resolve(PID_FILE));
        return lines.size() > STATUS
                        && !lines.get(STATUS).isBlank()
                        && !lines.get(STATUS).startsWith("starting")
                ? State.BEYOND
                : State.STARTING;
    }

    private static List<String> lines(Path pidFile) throws IOException {
        try {
            return Files.readAllLines(pidFile);
        } catch (NoSuchFileException e) {
            return List.of();
        }
    }

    private static Optional<ProcessHandle> process(Path pidFile) throws IOException {
        List<String> lines = lines(pidFile);
        try {
            return lines.isEmpty()
                    ? Optional.empty()
                    : ProcessHandle.of(Long.parseLong(lines.getFirst().strip()));
        } catch (NumberFormatException e) {
            return Optional.empty();
        }
    }

    // The number may by now belong to any process; only a PostgreSQL is ours that was started on our files. Its
    // arguments tell, which everybody
    // may read; its working directory may be hidden from us, if it runs as somebody else.
    private static boolean servesFrom(ProcessHandle handle, Path files) {
        try {
            List<String> arguments = List.of(Files.readString(Path.of("/proc", Long.toString(handle.pid()), "cmdline"))
                    .split("\0", -1));
            int directory = arguments.indexOf("-D") + 1;
            return arguments.getFirst().endsWith("/postgres")
                    && directory > 0
                    && directory < arguments.size()
                    && Path.of(arguments.get(directory)).toRealPath().equals(files.toRealPath());
        } catch (IOException e) {
            return false;
        }
    }
}
