package dev.nightjar.testkit;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

/**
 * A program that is run to its end, its output captured. Immutable; blocking.
 *
 * @param program what to run, and with which arguments
 * @param limit how long it may take before it is killed
 */
public record Command(List<String> program, Duration limit) {

    private static final Duration DEFAULT_LIMIT = Duration.ofMinutes(5);

    public Command {
        program = List.copyOf(program);
    }

    public static Command of(Tool tool, List<String> arguments) {
        List<String> program = new ArrayList<>();
        program.add(tool.require().toString());
        program.addAll(arguments);
        return new Command(program, DEFAULT_LIMIT);
    }

    public static Command of(Tool tool, String... arguments) {
        return of(tool, List.of(arguments));
    }

    /** What a finished program said. */
    public record Result(int exitCode, String output, String errors) {}

    /**
     * Runs it and expects success.
     *
     * @return its standard output
     * @throws TestkitException with everything it printed, if it ends with another code than 0
     */
    public String run() {
        Result result = runToEnd();
        if (result.exitCode() != 0) {
            throw new TestkitException("%s ended with %d%n%s%s"
                    .formatted(String.join(" ", program), result.exitCode(), result.output(), result.errors()));
        }
        return result.output();
    }

    /**
     * Runs it, whatever its exit code.
     *
     * @throws TestkitException if it cannot be started or takes longer than the limit; it is killed then
     */
    public Result runToEnd() {
        Process process = start();
        LiveProcesses.add(process);
        try {
            process.getOutputStream().close();
            CompletableFuture<String> output =
                    CompletableFuture.supplyAsync(() -> drain(process.getInputStream()), Thread::startVirtualThread);
            CompletableFuture<String> errors =
                    CompletableFuture.supplyAsync(() -> drain(process.getErrorStream()), Thread::startVirtualThread);
            if (!process.waitFor(limit.toMillis(), TimeUnit.MILLISECONDS)) {
                // By its handle: Process.destroyForcibly would close the streams under the threads that read them.
                process.toHandle().destroyForcibly();
                process.waitFor();
                throw new TestkitException("%s took longer than %s%n%s%s"
                        .formatted(String.join(" ", program), limit, output.join(), errors.join()));
            }
            return new Result(process.exitValue(), output.join(), errors.join());
        } catch (IOException e) {
            throw new TestkitException("cannot talk to " + String.join(" ", program), e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new TestkitException("interrupted while running " + String.join(" ", program), e);
        } finally {
            process.destroyForcibly();
            LiveProcesses.remove(process);
        }
    }

    private Process start() {
        try {
            return new ProcessBuilder(program).start();
        } catch (IOException e) {
            throw new TestkitException("cannot start " + String.join(" ", program), e);
        }
    }

    private static String drain(InputStream stream) {
        try (stream) {
            return new String(stream.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
