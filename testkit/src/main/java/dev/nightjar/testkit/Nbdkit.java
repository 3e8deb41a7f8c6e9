package dev.nightjar.testkit;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/** An {@code nbdkit} with any plugin and filters, until it is closed: the peer with structured or simple replies only. */
public final class Nbdkit implements AutoCloseable {

    private static final Duration START_LIMIT = Duration.ofSeconds(20);

    private final RunningProcess process;
    private final Endpoint endpoint;

    private Nbdkit(RunningProcess process, Endpoint endpoint) {
        this.process = process;
        this.endpoint = endpoint;
    }

    /**
     * Starts it on a unix socket in the directory and waits until it listens.
     *
     * @param arguments for example {@code "--no-sr", "--filter=error", "memory", "64M", "error-pread-rate=1%"}
     */
    public static Nbdkit start(Path directory, String... arguments) {
        return start(directory, new Endpoint.Unix(directory.resolve("nbdkit-" + id() + ".sock")), List.of(arguments));
    }

    /** The same on a free port of the loopback interface. */
    public static Nbdkit startTcp(Path directory, String... arguments) {
        return start(directory, Endpoint.freeTcp(), List.of(arguments));
    }

    private static Nbdkit start(Path directory, Endpoint endpoint, List<String> arguments) {
        String id = "nbdkit-" + id();
        Path pidFile = directory.resolve(id + ".pid");
        List<String> program = new ArrayList<>(List.of(Tool.NBDKIT.require().toString(), "-f", "--exit-with-parent"));
        program.addAll(List.of("-P", pidFile.toString()));
        program.addAll(
                switch (endpoint) {
                    case Endpoint.Unix unix -> List.of("-U", unix.socket().toString());
                    case Endpoint.Tcp at -> List.of("-i", at.host(), "-p", "" + at.port());
                });
        program.addAll(arguments);
        RunningProcess process = RunningProcess.start("nbdkit", program, directory.resolve(id + ".log"));
        process.awaitReady(START_LIMIT, () -> Files.exists(pidFile));
        return new Nbdkit(process, endpoint);
    }

    private static String id() {
        return Long.toHexString(System.nanoTime());
    }

    public String uri() {
        return endpoint.uri("");
    }

    public String uri(String export) {
        return endpoint.uri(export);
    }

    public Endpoint endpoint() {
        return endpoint;
    }

    public RunningProcess process() {
        return process;
    }

    @Override
    public void close() {
        process.close();
    }
}
