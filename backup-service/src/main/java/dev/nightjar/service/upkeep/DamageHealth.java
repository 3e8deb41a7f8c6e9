package dev.nightjar.service.upkeep;

import dev.nightjar.service.repository.RepositoryProvider;
import dev.nightjar.storage.StorageException;
import dev.nightjar.storage.repository.Repository;
import java.util.List;
import java.util.stream.Collectors;
import org.springframework.boot.health.contributor.Health;
import org.springframework.boot.health.contributor.HealthIndicator;
import org.springframework.stereotype.Component;

/** Whether everything that is stored can be read, as {@code damage} of {@code /actuator/health}: DOWN while chunks are known to be damaged. */
@Component("damageHealthIndicator")
class DamageHealth implements HealthIndicator {

    private final RepositoryProvider provider;

    DamageHealth(RepositoryProvider provider) {
        this.provider = provider;
    }

    @Override
    public Health health() {
        try {
            List<Repository> damaged = provider.opened().stream()
                    .filter(repository -> repository.damagedChunks() > 0)
                    .toList();
            if (damaged.isEmpty()) {
                return Health.up().build();
            }
            long chunks = damaged.stream().mapToLong(Repository::damagedChunks).sum();
            return Health.down()
                    .withDetail("code", "REPOSITORY_DAMAGED")
                    .withDetail(
                            "message",
                            chunks + " chunks cannot be read in "
                                    + damaged.stream().map(Repository::location).collect(Collectors.joining(", ")))
                    .withDetail(
                            "hint",
                            "The repository's page says which recovery points that reaches. Back up the machines: what they still have heals by that.")
                    .build();
        } catch (StorageException e) {
            // That it cannot be opened is said by its own indicator.
            return Health.unknown().build();
        }
    }
}
