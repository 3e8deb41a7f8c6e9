package dev.nightjar.service.overview;

import dev.nightjar.service.machine.Machine;
import dev.nightjar.service.machine.Machines;
import dev.nightjar.service.point.Points;
import dev.nightjar.service.run.RunEnded;
import dev.nightjar.storage.StorageException;
import dev.nightjar.storage.point.PointRecord;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.MultiGauge;
import io.micrometer.core.instrument.Tags;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.context.event.EventListener;
import org.springframework.scheduling.annotation.Scheduled;
import org.springframework.stereotype.Component;

/**
 * The metric to alert on: for each machine, the age of its newest recovery point in seconds, or the time since it was added while it has none.
 * While the repository cannot be opened the ages that are known go on growing. Thread-safe.
 */
@Component
class LastSuccessAge {

    private static final Logger LOG = LoggerFactory.getLogger(LastSuccessAge.class);
    private static final double MILLIS = 1000.0;

    private final Machines machines;
    private final Points points;
    private final Clock clock;
    private final MultiGauge ages;

    LastSuccessAge(Machines machines, Points points, MeterRegistry meters, Clock clock) {
        this.machines = machines;
        this.points = points;
        this.clock = clock;
        this.ages = MultiGauge.builder("nightjar.machine.last.success.age")
                .description("age of the machine's newest recovery point")
                .baseUnit("seconds")
                .register(meters);
    }

    @Scheduled(fixedDelay = 30, timeUnit = TimeUnit.SECONDS)
    void refresh() {
        try {
            Map<UUID, Instant> newest = points.all().stream()
                    .filter(PointRecord::isCaptured)
                    .collect(Collectors.toMap(
                            PointRecord::machineId, PointRecord::instant, (a, b) -> a.isAfter(b) ? a : b));
            ages.register(
                    machines.all().stream().map(machine -> row(machine, newest)).toList(), true);
        } catch (StorageException e) {
            LOG.debug("ages stay as they are while the repository cannot be opened", e);
        }
    }

    @EventListener
    void ended(RunEnded event) {
        refresh();
    }

    private MultiGauge.Row<?> row(Machine machine, Map<UUID, Instant> newest) {
        Instant since = newest.getOrDefault(machine.id(), machine.createdAt());
        return MultiGauge.Row.of(
                Tags.of("machine", machine.name()),
                () -> Duration.between(since, clock.instant()).toMillis() / MILLIS);
    }
}
