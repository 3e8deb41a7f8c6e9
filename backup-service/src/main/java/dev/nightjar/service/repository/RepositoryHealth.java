package dev.nightjar.service.repository;

import dev.nightjar.storage.StorageException;
import org.springframework.boot.health.contributor.Health;
import org.springframework.boot.health.contributor.HealthIndicator;
import org.springframework.stereotype.Component;

/** Whether the repository can be written to, as {@code repository} of {@code /actuator/health}; with code and hint while it cannot. */
@Component("repositoryHealthIndicator")
class RepositoryHealth implements HealthIndicator {

    private final RepositoryProvider provider;

    RepositoryHealth(RepositoryProvider provider) {
        this.provider = provider;
    }

    @Override
    public Health health() {
        Health.Builder health =
                Health.up().withDetail("location", provider.directory().toString());
        try {
            provider.check();
            return health.build();
        } catch (StorageException e) {
            return health.down()
                    .withDetail("code", e.code().name())
                    .withDetail("message", String.valueOf(e.getMessage()))
                    .withDetail("hint", e.hint())
                    .build();
        }
    }
}
