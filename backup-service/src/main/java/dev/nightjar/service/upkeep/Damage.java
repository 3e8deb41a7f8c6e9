package dev.nightjar.service.upkeep;

import dev.nightjar.service.repository.RepositoryProvider;
import dev.nightjar.storage.point.PointRecord;
import dev.nightjar.storage.repository.Repository;
import dev.nightjar.storage.scrub.DamageReport;
import dev.nightjar.storage.scrub.DamagedPoint;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;

/** What is damaged in a repository, the primary one if none is named, computed when it is asked for. Thread-safe. */
@Component
class Damage {

    /** How many ranges of a disk are listed; all are counted. */
    private static final int LISTED_RANGES = 100;

    private final RepositoryProvider provider;

    Damage(RepositoryProvider provider) {
        this.provider = provider;
    }

    /** All of it; one at a time, for it may walk through the maps of all points. */
    synchronized DamageReport report(@Nullable UUID repository) {
        return provider.getOrPrimary(repository).damage(LISTED_RANGES);
    }

    /** What it reaches of a point. */
    DamagedPoint of(@Nullable UUID repositoryId, UUID pointId) {
        Repository repository = provider.getOrPrimary(repositoryId);
        PointRecord point = repository.point(pointId);
        return new DamagedPoint(
                point,
                repository.damageOf(point, LISTED_RANGES),
                repository.damagedRecord(point.id()).orElse(null));
    }
}
