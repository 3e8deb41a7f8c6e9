package dev.nightjar.service.repository;

import static org.assertj.core.api.Assertions.assertThat;

import dev.nightjar.service.testing.Rest;
import dev.nightjar.service.testing.ServiceTest;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.springframework.http.HttpStatus;
import tools.jackson.databind.JsonNode;

@ServiceTest
class RepositoryHealthIT {

    private final Rest rest;
    private final RepositoryProvider provider;

    RepositoryHealthIT(Rest rest, RepositoryProvider provider) {
        this.rest = rest;
        this.provider = provider;
    }

    @Test
    void theServiceIsHealthyAndItsRepositoryToo() {
        JsonNode health = rest.get("/actuator/health").expect(HttpStatus.OK);
        assertThat(health.path("status").asString()).isEqualTo("UP");
        assertThat(health.at("/components/repository/details/location").asString())
                .isEqualTo(provider.get().location());
    }

    @Test
    void itIsDownWithCodeAndHintWhileTheFilesAreGoneAndUpAgainAfterwards() throws IOException {
        Path directory = Path.of(provider.get().location());
        Path unmounted = directory.resolveSibling("unmounted");
        Files.move(directory, unmounted);
        try {
            JsonNode repository = rest.get("/actuator/health")
                    .expect(HttpStatus.SERVICE_UNAVAILABLE)
                    .at("/components/repository");
            assertThat(repository.path("status").asString()).isEqualTo("DOWN");
            assertThat(repository.at("/details/code").asString()).isEqualTo("REPOSITORY_NOT_FOUND");
            assertThat(repository.at("/details/hint").asString()).contains("mounted");
            rest.get("/actuator/health/readiness").expect(HttpStatus.OK);
            rest.get("/actuator/health/liveness").expect(HttpStatus.OK);
        } finally {
            Files.move(unmounted, directory);
        }
        rest.get("/actuator/health").expect(HttpStatus.OK);
    }
}
