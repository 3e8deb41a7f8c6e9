package dev.nightjar.service.upkeep;

import static org.assertj.core.api.Assertions.assertThat;

import dev.nightjar.service.repository.RepositoryProvider;
import dev.nightjar.service.testing.Rest;
import dev.nightjar.service.testing.SecondRepository;
import dev.nightjar.service.testing.ServiceTest;
import dev.nightjar.service.testing.TestPoints;
import dev.nightjar.storage.point.PointRecord;
import dev.nightjar.storage.reclaim.ReclaimReport;
import java.nio.file.Files;
import java.time.Duration;
import java.time.Instant;
import java.util.UUID;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.springframework.http.HttpStatus;
import tools.jackson.databind.JsonNode;

@ServiceTest
class ReclaimIT {

    private final Rest rest;
    private final RepositoryProvider provider;
    private final Reclaiming reclaiming;

    ReclaimIT(Rest rest, RepositoryProvider provider, Reclaiming reclaiming) {
        this.rest = rest;
        this.provider = provider;
        this.reclaiming = reclaiming;
    }

    @Test
    void spaceIsReclaimedByHandAsARun() {
        JsonNode run = rest.post("/api/v1/repository/reclaim", "").expect(HttpStatus.ACCEPTED);
        assertThat(run.path("kind").asString()).isEqualTo("RECLAIM");
        Awaitility.await()
                .atMost(Duration.ofSeconds(30))
                .until(() -> rest.get("/api/v1/runs/" + run.path("id").asString())
                        .expect(HttpStatus.OK)
                        .path("state")
                        .asString()
                        .equals("COMPLETE"));
    }

    @Test
    void whatADeletedPointNeededWaitsForTheGracePeriod() {
        PointRecord point = TestPoints.take(provider.get(), UUID.randomUUID(), Instant.now(), "vda")
                .getFirst();
        rest.delete("/api/v1/points/" + point.id()).expect(HttpStatus.NO_CONTENT);

        ReclaimReport report = reclaiming.tryReclaim(provider.get()).orElseThrow();

        assertThat(report.waitingPacks()).isPositive();
        assertThat(report.deletedPacks()).isZero();
    }

    @Test
    void theClockThatLocksAreJudgedByIsLookedAtWithoutTheKeysToo() {
        try (SecondRepository locked = SecondRepository.locked(rest)) {
            reclaiming.reclaimWhereDue();
            Awaitility.await()
                    .atMost(Duration.ofSeconds(30))
                    .until(() -> Files.isDirectory(locked.directory().resolve("clock")));
        }
    }
}
