package dev.nightjar.nbd.server.export;

import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentSkipListMap;
import org.jspecify.annotations.Nullable;

/** The exports of a server, by name. Thread-safe. */
public final class Exports {

    private final ConcurrentSkipListMap<String, ServedExport> byName = new ConcurrentSkipListMap<>();
    private final Duration grace;
    private volatile boolean closing;

    /** None yet; see {@link #remove} for the grace period. */
    public Exports(Duration grace) {
        this.grace = grace;
    }

    /**
     * Offers an export from now on.
     *
     * @throws IllegalArgumentException if its name is taken
     * @throws IllegalStateException if the server is closing
     */
    public void add(Export export) {
        ServedExport served = new ServedExport(export);
        String name = served.description().name();
        if (closing) {
            throw new IllegalStateException("the server is closing");
        }
        if (byName.putIfAbsent(name, served) != null) {
            throw new IllegalArgumentException("an export named " + name + " is served already");
        }
    }

    /**
     * Offers it no longer: its clients' requests that were begun are answered, later ones get ESHUTDOWN, then they are
     * disconnected and the disk is closed. Blocks until then, or until the grace period is over: connections are closed then, and
     * the disk as soon as its last request returns.
     *
     * @return false if there is none of this name
     */
    public boolean remove(String name) {
        ServedExport served = byName.remove(name);
        if (served == null) {
            return false;
        }
        retire(List.of(served));
        return true;
    }

    /** Removes all of them, and refuses new ones. Blocks as {@link #remove} does, for one grace period in all. */
    public void close() {
        closing = true;
        List<ServedExport> all = List.copyOf(byName.values());
        byName.clear();
        retire(all);
    }

    private void retire(Collection<ServedExport> going) {
        long deadline = System.nanoTime() + grace.toNanos();
        going.forEach(ServedExport::retire);
        going.forEach(served -> served.awaitEmpty(deadline));
    }

    /** Whether the server is going away as a whole. */
    public boolean closing() {
        return closing;
    }

    /** The export of this name. The empty name also means the only export, if there is exactly one. */
    public @Nullable ServedExport find(String name) {
        ServedExport named = byName.get(name);
        if (named != null || !name.isEmpty()) {
            return named;
        }
        List<ServedExport> all = List.copyOf(byName.values());
        return all.size() == 1 ? all.getFirst() : null;
    }

    /** All of them, by name. */
    public List<ExportDescription> descriptions() {
        return byName.values().stream().map(ServedExport::description).toList();
    }

    /** What each of them has done, by name. */
    public Map<String, ExportStatistics> statistics() {
        Map<String, ExportStatistics> all = new TreeMap<>();
        byName.forEach((name, served) -> all.put(name, served.statistics()));
        return all;
    }

    /** What one of them has done; empty if there is none of this name. */
    public Optional<ExportStatistics> statistics(String name) {
        return Optional.ofNullable(byName.get(name)).map(ServedExport::statistics);
    }
}
