package dev.nightjar.cli.nbd;

import dev.nightjar.cli.CommandErrorCode;
import dev.nightjar.cli.CommandFailure;
import dev.nightjar.nbd.client.extent.Extent;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.Consumer;

/** How many bytes there are of each combination of statuses. Not thread-safe. */
final class StatusTotals {

    /** Statuses have few values; a server that makes up new ones all the time shall not fill the memory. */
    private static final int COMBINATIONS = 1 << 16;

    private final Map<Map<String, Long>, Long> bytes = new LinkedHashMap<>();
    private long all;

    /**
     * One line of the sum.
     *
     * @param percent of the whole export
     */
    record Total(Map<String, Long> status, long bytes, double percent) {}

    void add(Extent extent) {
        if (bytes.size() == COMBINATIONS && !bytes.containsKey(extent.status())) {
            throw new CommandFailure(
                    CommandErrorCode.TOO_MANY_STATUSES,
                    "more than " + COMBINATIONS + " different statuses, the last at offset " + extent.offset(),
                    "Ask for fewer contexts, or leave out --totals.");
        }
        bytes.merge(extent.status(), extent.length(), Long::sum);
        all += extent.length();
    }

    /** In the order in which the combinations came first. */
    void forEach(Consumer<Total> sink) {
        bytes.forEach((status, sum) -> sink.accept(new Total(status, sum, 100.0 * sum / all)));
    }
}
