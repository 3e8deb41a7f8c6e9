package dev.nightjar.service.config;

import dev.nightjar.testkit.RunningProcess;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;

/** Starts {@link DatabaseHolder} in a JVM of its own. */
final class HoldingProcess {

    private static final Duration START_LIMIT = Duration.ofMinutes(1);

    private HoldingProcess() {}

    /** Returns at once. */
    static RunningProcess begin(Path data, Path log, String... note) {
        List<String> java = List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-cp",
                System.getProperty("java.class.path"),
                DatabaseHolder.class.getName(),
                data.toString());
        List<String> program = Stream.concat(java.stream(), Stream.of(note)).toList();
        return RunningProcess.start("the holder", program, log);
    }

    /** Returns once the process holds the directory, and its database answers if a note was given. */
    static RunningProcess start(Path data, Path log, String... note) {
        RunningProcess process = begin(data, log, note);
        process.awaitReady(START_LIMIT, () -> process.output().contains(DatabaseHolder.READY));
        return process;
    }
}
