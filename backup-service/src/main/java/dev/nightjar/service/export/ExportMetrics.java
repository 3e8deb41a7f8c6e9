package dev.nightjar.service.export;

import dev.nightjar.nbd.server.export.ExportStatistics;
import dev.nightjar.service.export.endpoint.NbdEndpoint;
import dev.nightjar.storage.overlay.Overlay;
import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.Meter;
import io.micrometer.core.instrument.MeterRegistry;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.ToDoubleFunction;

/** What each export does, as metrics that go when it goes. Thread-safe. */
final class ExportMetrics {

    private static final ExportStatistics NOTHING = new ExportStatistics(0, 0, 0, 0, 0, 0);

    private final MeterRegistry registry;
    private final NbdEndpoint endpoint;
    private final Map<UUID, List<Meter>> meters = new ConcurrentHashMap<>();

    ExportMetrics(MeterRegistry registry, NbdEndpoint endpoint, ExportDisks disks) {
        this.registry = registry;
        this.endpoint = endpoint;
        Gauge.builder("nightjar.exports", meters, Map::size)
                .description("exports that are served")
                .register(registry);
        Gauge.builder("nightjar.exports.cached", disks, ExportDisks::cachedBytes)
                .description("memory that opened frames of served points take")
                .baseUnit("bytes")
                .register(registry);
    }

    void add(OpenExport export) {
        String name = export.facts().name();
        List<Meter> added = new ArrayList<>();
        added.add(
                Gauge.builder("nightjar.export.clients", () -> statistics(name).clients())
                        .tag("export", name)
                        .description("connections to the export")
                        .register(registry));
        added.add(counter("nightjar.export.read", name, "bytes", ExportStatistics::bytesRead));
        added.add(counter("nightjar.export.written", name, "bytes", ExportStatistics::bytesWritten));
        added.add(counter("nightjar.export.requests", name, "requests", ExportStatistics::requests));
        added.add(counter("nightjar.export.errors", name, "requests", ExportStatistics::errors));
        Overlay overlay = export.overlay();
        if (overlay != null) {
            added.add(Gauge.builder("nightjar.export.overlay", overlay, Overlay::usedBytes)
                    .tag("export", name)
                    .description("data written to the export")
                    .baseUnit("bytes")
                    .register(registry));
        }
        meters.put(export.id(), added);
    }

    void remove(OpenExport export) {
        List<Meter> gone = meters.remove(export.id());
        if (gone != null) {
            gone.forEach(registry::remove);
        }
    }

    private Meter counter(String name, String export, String unit, ToDoubleFunction<ExportStatistics> value) {
        return FunctionCounter.builder(name, endpoint, _ -> value.applyAsDouble(statistics(export)))
                .tag("export", export)
                .baseUnit(unit)
                .register(registry);
    }

    private ExportStatistics statistics(String export) {
        return endpoint.statistics(export).orElse(NOTHING);
    }
}
