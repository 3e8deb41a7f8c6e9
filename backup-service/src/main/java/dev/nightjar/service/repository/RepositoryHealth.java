package dev.nightjar.service.repository;

import dev.nightjar.service.error.Failure;
import dev.nightjar.service.error.NightjarException;
import dev.nightjar.storage.StorageErrorCode;
import dev.nightjar.storage.StorageException;
import java.util.Optional;
import java.util.UUID;
import org.springframework.boot.health.contributor.Health;
import org.springframework.boot.health.contributor.HealthIndicator;
import org.springframework.stereotype.Component;

/** Whether the primary repository can be written to, as {@code repository} of {@code /actuator/health}; with code and hint while it cannot, and unknown before there is one. */
@Component("repositoryHealthIndicator")
class RepositoryHealth implements HealthIndicator {

    private final RepositoryProvider provider;

    RepositoryHealth(RepositoryProvider provider) {
        this.provider = provider;
    }

    @Override
    public Health health() {
        try {
            Optional<UUID> primary = provider.findPrimary();
            if (primary.isEmpty()) {
                return Health.unknown()
                        .withDetail("code", StorageErrorCode.REPOSITORY_NOT_CONFIGURED.name())
                        .withDetail("hint", "Create a repository in the dashboard.")
                        .build();
            }
            provider.check();
            return Health.up().withDetail("location", provider.get().location()).build();
        } catch (StorageException | NightjarException e) {
            Failure failure = Failure.of(e);
            return Health.down()
                    .withDetail("code", failure.code())
                    .withDetail("message", failure.message())
                    .withDetail("hint", failure.hint())
                    .build();
        }
    }
}
