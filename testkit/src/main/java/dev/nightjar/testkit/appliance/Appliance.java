package dev.nightjar.testkit.appliance;

import dev.nightjar.testkit.Endpoint;
import dev.nightjar.testkit.RunningProcess;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * The appliance as a process: the service's jar, with an embedded PostgreSQL in its data directory. Close ends it cleanly; {@link #kill()} is
 * the crash, which leaves its PostgreSQL running for the next start to deal with.
 */
public final class Appliance implements AutoCloseable {

    private static final String NO_REPOSITORY = "--nightjar.repository.s3=";
    private static final Duration START_LIMIT = Duration.ofMinutes(2);
    private static final Duration END_LIMIT = Duration.ofSeconds(30);
    private static final List<String> JVM_OPTIONS = List.of(
            "-Xms128m",
            "-Xmx1g",
            "-XX:+ExitOnOutOfMemoryError",
            "-XX:+UseCompactObjectHeaders",
            "--enable-native-access=ALL-UNNAMED",
            "--sun-misc-unsafe-memory-access=allow");

    private final RunningProcess process;
    private final ApplianceApi api;
    private final Path data;

    private Appliance(RunningProcess process, ApplianceApi api, Path data) {
        this.process = process;
        this.api = api;
        this.data = data;
    }

    /** Starts it on a free loopback port and waits until it says that it is healthy. */
    public static Appliance start(Path serviceJar, Path data, Path log, String... arguments) {
        return start(serviceJar, data, log, Endpoint.freeTcp().port(), arguments);
    }

    /**
     * Starts it and waits until it says that it is healthy.
     *
     * @param data its data directory, created if it is not there
     * @param arguments more of Spring's; unless they say otherwise the repository is {@code repository} in the data directory
     */
    public static Appliance start(Path serviceJar, Path data, Path log, int port, String... arguments) {
        ApplianceApi api = new ApplianceApi(URI.create("http://127.0.0.1:" + port));
        RunningProcess process = RunningProcess.start("the appliance", program(serviceJar, data, port, arguments), log);
        process.awaitReady(START_LIMIT, api::isHealthy);
        return new Appliance(process, api, data);
    }

    /** Starts it as a newcomer does, with no repository chosen yet. */
    public static Appliance startFresh(Path serviceJar, Path data, Path log) {
        return start(serviceJar, data, log, NO_REPOSITORY);
    }

    private static List<String> program(Path serviceJar, Path data, int port, String... arguments) {
        List<String> program = new ArrayList<>();
        program.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        program.addAll(JVM_OPTIONS);
        program.addAll(List.of("-jar", serviceJar.toString()));
        program.add("--server.port=" + port);
        program.add("--nightjar.data-directory=" + data);
        if (Arrays.stream(arguments).noneMatch(argument -> argument.startsWith("--nightjar.repository."))) {
            program.add("--nightjar.repository.directory=" + data.resolve("repository"));
        }
        program.addAll(List.of(arguments));
        return program;
    }

    public ApplianceApi api() {
        return api;
    }

    /** Its data directory: {@code repository}, {@code restores} and {@code postgres} lie below. */
    public Path data() {
        return data;
    }

    public RunningProcess process() {
        return process;
    }

    /** SIGKILL. */
    public void kill() {
        process.kill();
    }

    @Override
    public void close() {
        process.close(END_LIMIT);
    }
}
