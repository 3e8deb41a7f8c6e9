package dev.nightjar.bench;

import dev.nightjar.testkit.TestkitException;
import dev.nightjar.testkit.Tool;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** A peer that is run to its end, however long that takes, in an environment of its own. */
final class Program {

    private Program() {}

    /** Runs it; a warning's exit code of 1 is no success either. */
    static void run(Tool tool, Map<String, String> environment, List<String> arguments) {
        List<String> program = new ArrayList<>(List.of(tool.require().toString()));
        program.addAll(arguments);
        try {
            ProcessBuilder builder = new ProcessBuilder(program).redirectErrorStream(true);
            builder.environment().putAll(environment);
            Process process = builder.start();
            process.getOutputStream().close();
            String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            if (process.waitFor() != 0) {
                throw new TestkitException(
                        String.join(" ", program) + " ended with " + process.exitValue() + "\n" + said);
            }
        } catch (IOException e) {
            throw new TestkitException("cannot run " + String.join(" ", program), e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new TestkitException("interrupted", e);
        }
    }
}
