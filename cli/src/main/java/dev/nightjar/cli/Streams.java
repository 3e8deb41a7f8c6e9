package dev.nightjar.cli;

import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;

/**
 * Where a command writes.
 *
 * @param out results; unlike {@link System#out} it throws when nobody reads any more
 * @param errors what people should know beside the results
 * @param terminal whether {@code errors} is a terminal, where something may move
 * @param columns width of that terminal, in characters
 */
public record Streams(OutputStream out, PrintStream errors, boolean terminal, int columns) {

    private static final int USUAL_COLUMNS = 80;

    /** The process's own; the launcher says in system properties what Java cannot find out about standard error. */
    static Streams ofThisProcess() {
        return new Streams(
                new FileOutputStream(FileDescriptor.out),
                new PrintStream(new FileOutputStream(FileDescriptor.err), true, StandardCharsets.UTF_8),
                Boolean.getBoolean("nightjar.terminal"),
                Integer.getInteger("nightjar.columns", USUAL_COLUMNS));
    }
}
