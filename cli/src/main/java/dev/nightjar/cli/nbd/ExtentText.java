package dev.nightjar.cli.nbd;

import dev.nightjar.nbd.client.extent.Extent;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;

/** One line of a map for people, in nbdinfo's columns; each further context adds two. */
final class ExtentText {

    private ExtentText() {}

    static String line(List<String> contexts, Extent extent) {
        return "%10d  %10d".formatted(extent.offset(), extent.length()) + statuses(contexts, extent.status());
    }

    static String totalLine(List<String> contexts, StatusTotals.Total total) {
        return String.format(Locale.ROOT, "%10d %5.1f%%", total.bytes(), total.percent())
                + statuses(contexts, total.status());
    }

    private static String statuses(List<String> contexts, Map<String, Long> status) {
        StringBuilder line = new StringBuilder();
        for (String context : contexts) {
            long value = Objects.requireNonNull(status.get(context), context);
            line.append("  %3s  %-12s".formatted(StatusNames.number(value), StatusNames.of(context, value)));
        }
        return line.toString().stripTrailing();
    }
}
