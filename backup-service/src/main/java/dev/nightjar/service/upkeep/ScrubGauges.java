package dev.nightjar.service.upkeep;

import dev.nightjar.service.repository.RepositoryProvider;
import dev.nightjar.service.run.RunEnded;
import dev.nightjar.storage.StorageException;
import dev.nightjar.storage.repository.Repository;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.context.event.EventListener;
import org.springframework.scheduling.annotation.Scheduled;
import org.springframework.stereotype.Component;

/** How long ago the oldest proof of all repositories was, and how much is damaged in them, as metrics. Thread-safe. */
@Component
class ScrubGauges {

    private static final Logger LOG = LoggerFactory.getLogger(ScrubGauges.class);
    private static final double MILLIS = 1000.0;

    private final RepositoryProvider provider;
    private final Clock clock;
    private volatile long damagedChunks;
    private volatile @Nullable Instant oldestProof;

    ScrubGauges(RepositoryProvider provider, MeterRegistry meters, Clock clock) {
        this.provider = provider;
        this.clock = clock;
        Gauge.builder("nightjar.scrub.oldest.proof.age", this, ScrubGauges::age)
                .description("how long ago the pack was proven that was not for the longest time")
                .baseUnit("seconds")
                .register(meters);
        Gauge.builder("nightjar.scrub.damaged.chunks", this, gauges -> gauges.damagedChunks)
                .description("chunks and map nodes that cannot be read")
                .register(meters);
    }

    @Scheduled(initialDelay = 15, fixedDelay = 60, timeUnit = TimeUnit.SECONDS)
    void refresh() {
        try {
            List<Repository> repositories = provider.opened();
            oldestProof = repositories.stream()
                    .flatMap(repository -> Stream.ofNullable(repository.proofs().oldestProof()))
                    .min(Comparator.naturalOrder())
                    .orElse(null);
            damagedChunks =
                    repositories.stream().mapToLong(Repository::damagedChunks).sum();
        } catch (StorageException e) {
            LOG.debug("the figures stay as they are while the catalog cannot be read", e);
        }
    }

    @EventListener
    void ended(RunEnded event) {
        refresh();
    }

    private double age() {
        Instant oldest = oldestProof;
        return oldest == null ? 0 : Duration.between(oldest, clock.instant()).toMillis() / MILLIS;
    }
}
