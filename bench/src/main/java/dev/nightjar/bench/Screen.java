package dev.nightjar.bench;

import java.io.PrintStream;
import java.util.List;
import java.util.Locale;

/** What a benchmark shows while it runs, and its table. */
final class Screen {

    private final PrintStream out;

    Screen(PrintStream out) {
        this.out = out;
    }

    void text(String text) {
        out.println(text);
    }

    void sample(String name, int run, double ours, double peer) {
        String other = Double.isNaN(peer) ? "" : String.format(Locale.ROOT, "   peer %10.2f", peer);
        String which = run < 1 ? "warm-up" : "run " + run;
        out.println(String.format(Locale.ROOT, "  %-32s %-8s ours %10.2f%s", name, which, ours, other));
    }

    void table(List<Row> rows) {
        out.println(String.format(
                Locale.ROOT, "%n%-34s %8s %10s %10s %7s %7s", "", "unit", "ours", "peer", "ratio", "goal"));
        for (Row row : rows) {
            out.println(String.format(
                    Locale.ROOT,
                    "%s %-32s %8s %10.2f %10s %7s %7s",
                    row.reached() ? "✓" : "✗",
                    row.name(),
                    row.unit(),
                    row.ours(),
                    row.peer() == null ? "" : String.format(Locale.ROOT, "%.2f", row.peer()),
                    row.ratio() == null ? "" : String.format(Locale.ROOT, "%.2f", row.ratio()),
                    row.ratio() == null ? "≤ " + number(row.goal()) : "≥ " + row.goal()));
        }
    }

    private static String number(double value) {
        return value == Math.rint(value) ? Long.toString((long) value) : Double.toString(value);
    }
}
