package dev.nightjar.service.point;

import static org.assertj.core.api.Assertions.assertThat;

import dev.nightjar.service.repository.RepositoryProvider;
import dev.nightjar.service.testing.Rest;
import dev.nightjar.service.testing.ServiceTest;
import dev.nightjar.service.testing.TestPoints;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.UUID;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.springframework.http.HttpStatus;
import tools.jackson.databind.JsonNode;

@ServiceTest
class LocksIT {

    private final Rest rest;
    private final RepositoryProvider provider;
    private String path;

    LocksIT(Rest rest, RepositoryProvider provider) {
        this.rest = rest;
        this.provider = provider;
    }

    @BeforeEach
    void takePoint() {
        UUID point = TestPoints.take(provider.get(), UUID.randomUUID(), Instant.now(), "vda")
                .getFirst()
                .id();
        path = "/api/v1/points/" + point;
    }

    @Test
    void aLockedPointCannotBeDeletedAndSaysUntilWhen() {
        assertThat(rest.get(path).expect(HttpStatus.OK).path("lockedUntil").isString())
                .isFalse();
        Instant until = Instant.now().plus(Duration.ofDays(30)).truncatedTo(ChronoUnit.SECONDS);

        JsonNode locked = rest.post(path + "/lock", until(until)).expect(HttpStatus.OK);

        assertThat(locked.path("lockedUntil").asString()).isEqualTo(until.toString());
        JsonNode problem = rest.delete(path).expectProblem(HttpStatus.LOCKED, "POINT_LOCKED");
        assertThat(problem.path("detail").asString()).contains(until.toString());
        assertThat(rest.get("/api/v1/points").expect(HttpStatus.OK).toString()).contains(until.toString());
    }

    @Test
    void aLockIsNeverMadeShorter() {
        Instant until = Instant.now().plus(Duration.ofDays(30)).truncatedTo(ChronoUnit.SECONDS);
        rest.post(path + "/lock", until(until)).expect(HttpStatus.OK);
        JsonNode again =
                rest.post(path + "/lock", until(until.minusSeconds(86_400))).expect(HttpStatus.OK);
        assertThat(again.path("lockedUntil").asString()).isEqualTo(until.toString());
    }

    @Test
    void aDateThatIsOverIsRefused() {
        rest.post(path + "/lock", until(Instant.now().minusSeconds(5)))
                .expectProblem(HttpStatus.BAD_REQUEST, "INVALID_ARGUMENT");
        rest.post(
                        "/api/v1/points/" + UUID.randomUUID() + "/lock",
                        until(Instant.now().plusSeconds(60)))
                .expectProblem(HttpStatus.NOT_FOUND, "POINT_NOT_FOUND");
        rest.delete(path).expect(HttpStatus.NO_CONTENT);
    }

    private static String until(Instant until) {
        return "{\"until\": \"%s\"}".formatted(until);
    }
}
