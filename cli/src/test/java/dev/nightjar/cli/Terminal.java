package dev.nightjar.cli;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;

/** Runs a command in this process, as a person at a terminal would, and keeps what it prints. */
public final class Terminal {

    private Terminal() {}

    /** How a command ended. */
    public record Outcome(int exitCode, ByteArrayOutputStream printed, String errors) {

        public byte[] bytes() {
            return printed.toByteArray();
        }

        public String output() {
            return printed.toString(StandardCharsets.UTF_8);
        }
    }

    public static Outcome run(String... arguments) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        ByteArrayOutputStream errors = new ByteArrayOutputStream();
        Streams streams = new Streams(out, new PrintStream(errors, true, StandardCharsets.UTF_8), false, 80);
        int exitCode = Nightjar.commandLine(streams).execute(arguments);
        return new Outcome(exitCode, out, errors.toString(StandardCharsets.UTF_8));
    }

    /** Output of a command that has to succeed, without a word on standard error. */
    public static String succeed(String... arguments) {
        Outcome outcome = run(arguments);
        if (outcome.exitCode() != 0 || !outcome.errors().isEmpty()) {
            throw new AssertionError(
                    String.join(" ", arguments) + " ended with " + outcome.exitCode() + "\n" + outcome.errors());
        }
        return outcome.output();
    }
}
