package dev.nightjar.demo;

import java.io.Console;
import java.io.PrintStream;
import java.time.Duration;
import java.util.Locale;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What the demo shows: one line a step, which moves while the step is under way if the output is a terminal. Thread-confined.
 */
final class Screen {

    private static final int LABEL = 25;
    private static final int BAR = 24;

    private final PrintStream out;
    private final boolean terminal;
    private boolean open;

    Screen(PrintStream out, boolean terminal) {
        this.out = out;
        this.terminal = terminal;
    }

    static Screen ofThisProcess() {
        boolean terminal =
                Optional.ofNullable(System.console()).map(Console::isTerminal).orElse(false);
        return new Screen(System.out, terminal && System.getenv("NO_COLOR") == null);
    }

    void title(String title, String subtitle) {
        out.printf("%n%s%n%s%n%n", bold(title), dim(subtitle));
    }

    /** The step that is under way; replaced by the next call. Shown on terminals only. */
    void busy(String label, String detail) {
        if (terminal) {
            out.print("\r\u001b[K  " + dim("…") + " " + pad(label) + dim(detail));
            out.flush();
            open = true;
        }
    }

    /** The step that is under way, as a bar; fraction is of 1. */
    void progress(String label, double fraction, String detail) {
        int filled = (int) Math.round(Math.clamp(fraction, 0, 1) * BAR);
        busy(label, "█".repeat(filled) + "░".repeat(BAR - filled) + " " + detail);
    }

    void done(String label, @Nullable Duration took, String detail) {
        String time = took == null ? "" : String.format(Locale.ROOT, "%6.1f s", took.toMillis() / 1000.0);
        line(green("✓"), label, String.format(Locale.ROOT, "%8s  %s", time, detail));
    }

    void check(boolean good, String label, String detail) {
        line(good ? green("✓") : red("✗"), label, detail);
    }

    private void line(String mark, String label, String detail) {
        clearBusy();
        out.println("  " + mark + " " + pad(label) + detail);
    }

    void text(String text) {
        clearBusy();
        out.println(text);
    }

    void failure(String text) {
        clearBusy();
        out.println(red(text));
    }

    private void clearBusy() {
        if (open) {
            out.print("\r\u001b[K");
            open = false;
        }
    }

    private static String pad(String label) {
        return label + " ".repeat(Math.max(1, LABEL - label.length()));
    }

    String bold(String text) {
        return style("1", text);
    }

    String dim(String text) {
        return style("2", text);
    }

    private String green(String text) {
        return style("32", text);
    }

    private String red(String text) {
        return style("31", text);
    }

    private String style(String code, String text) {
        return terminal ? "\u001b[" + code + "m" + text + "\u001b[0m" : text;
    }
}
