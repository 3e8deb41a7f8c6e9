package dev.nightjar.testkit;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;

/**
 * A server process in the background; its output goes to a file. Closing asks it to end and kills it after five seconds;
 * when the JVM exits it is killed in any case. Thread-safe.
 */
public final class RunningProcess implements AutoCloseable {

    private static final Duration PATIENCE = Duration.ofSeconds(5);
    private static final int TAIL_CHARACTERS = 8_000;

    private final String name;
    private final Process process;
    private final Path log;

    private RunningProcess(String name, Process process, Path log) {
        this.name = name;
        this.process = process;
        this.log = log;
    }

    /** Starts the program, with standard output and error going to {@code log}. */
    public static RunningProcess start(String name, List<String> program, Path log) {
        return start(name, program, Map.of(), log);
    }

    /** As above, with variables added to the environment. */
    public static RunningProcess start(String name, List<String> program, Map<String, String> environment, Path log) {
        ProcessBuilder builder = new ProcessBuilder(program)
                .redirectErrorStream(true)
                .redirectInput(ProcessBuilder.Redirect.from(Path.of("/dev/null").toFile()))
                .redirectOutput(ProcessBuilder.Redirect.appendTo(log.toFile()));
        builder.environment().putAll(environment);
        try {
            Process process = builder.start();
            LiveProcesses.add(process);
            return new RunningProcess(name, process, log);
        } catch (IOException e) {
            throw new TestkitException("cannot start " + String.join(" ", program), e);
        }
    }

    /**
     * Waits until the process is ready.
     *
     * @throws TestkitException with the output, if it ended or is not ready in time; it is killed then
     */
    public void awaitReady(Duration limit, BooleanSupplier ready) {
        boolean decided = Await.until(limit, () -> !process.isAlive() || ready.getAsBoolean());
        if (decided && process.isAlive()) {
            return;
        }
        String what = process.isAlive() ? "is not ready after " + limit : "ended with " + process.exitValue();
        kill();
        throw new TestkitException(name + " " + what + "\n" + output());
    }

    public boolean isAlive() {
        return process.isAlive();
    }

    public long pid() {
        return process.pid();
    }

    /** Waits for the process to end by itself; false if it still runs after the limit. */
    public boolean awaitEnd(Duration limit) {
        try {
            return process.waitFor(limit.toMillis(), TimeUnit.MILLISECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        }
    }

    /** The exit code of a process that has ended. */
    public int exitCode() {
        return process.exitValue();
    }

    /** SIGKILL, and waits until it is gone. */
    public void kill() {
        process.destroyForcibly();
        awaitEnd(PATIENCE);
        LiveProcesses.remove(process);
    }

    /** SIGSTOP: it does nothing any more, as after a long pause of its machine. */
    public void pause() {
        signal("STOP");
    }

    /** SIGCONT, after {@link #pause()}. */
    public void resume() {
        signal("CONT");
    }

    // Java cannot send these itself.
    private void signal(String name) {
        new Command(List.of("/bin/kill", "-" + name, Long.toString(pid())), PATIENCE).run();
    }

    /** SIGTERM; the caller waits. */
    public void terminate() {
        process.destroy();
    }

    /** The end of what the process printed. */
    public String output() {
        try {
            String text = Files.readString(log, StandardCharsets.UTF_8);
            return text.length() <= TAIL_CHARACTERS ? text : "… " + text.substring(text.length() - TAIL_CHARACTERS);
        } catch (IOException e) {
            return "(no output: " + e + ")";
        }
    }

    @Override
    public void close() {
        close(PATIENCE);
    }

    /** As {@link #close()}, with another patience before the kill. */
    public void close(Duration patience) {
        process.destroy();
        if (!awaitEnd(patience)) {
            kill();
        }
        LiveProcesses.remove(process);
    }
}
