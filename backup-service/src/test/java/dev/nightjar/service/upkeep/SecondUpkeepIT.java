package dev.nightjar.service.upkeep;

import static org.assertj.core.api.Assertions.assertThat;

import dev.nightjar.service.repository.RepositoryProvider;
import dev.nightjar.service.testing.Rest;
import dev.nightjar.service.testing.SecondRepository;
import dev.nightjar.service.testing.ServiceTest;
import dev.nightjar.service.testing.TestPoints;
import dev.nightjar.storage.point.PointRecord;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.UUID;
import java.util.stream.Stream;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.springframework.http.HttpStatus;
import tools.jackson.databind.JsonNode;

/** What the primary repository gets by way of upkeep, its copies get too. */
@ServiceTest
class SecondUpkeepIT {

    /** What counts deletions and reclaims: the deletion was the first. */
    private static final String RECLAIMED = "reclaim/2";

    private final Rest rest;
    private final RepositoryProvider provider;
    private final Reclaiming reclaiming;
    private SecondRepository second;
    private PointRecord point;

    SecondUpkeepIT(Rest rest, RepositoryProvider provider, Reclaiming reclaiming) {
        this.rest = rest;
        this.provider = provider;
        this.reclaiming = reclaiming;
    }

    @BeforeEach
    void copyAPoint() {
        point = TestPoints.take(provider.get(), UUID.randomUUID(), Instant.now(), "vda")
                .getFirst();
        second = new SecondRepository(rest);
        assertThat(second.copyAll().path("state").asString()).isEqualTo("COMPLETE");
    }

    @AfterEach
    void forgetTarget() {
        second.close();
    }

    @Test
    void spaceIsReclaimedByItself() {
        provider.get(second.id()).deletePoint(point.id());
        reclaiming.reclaimWhereDue();
        Awaitility.await()
                .atMost(Duration.ofSeconds(30))
                .until(() -> Files.isRegularFile(second.directory().resolve(RECLAIMED)));
    }

    @Test
    void spaceIsReclaimedByHand() {
        provider.get(second.id()).deletePoint(point.id());
        JsonNode run = second.ended(rest.post("/api/v1/repository/reclaim?repositoryId=" + second.id(), "")
                .expect(HttpStatus.ACCEPTED));
        assertThat(run.path("state").asString()).isEqualTo("COMPLETE");
        assertThat(run.path("target").asString()).contains(second.directory().toString());
        assertThat(second.directory().resolve(RECLAIMED)).exists();
    }

    @Test
    void whatIsStoredIsProvenAndDamageIsTold() throws IOException {
        assertThat(scrub().path("state").asString()).isEqualTo("COMPLETE");
        assertThat(rest.get("/api/v1/repository/scrub?repositoryId=" + second.id())
                        .expect(HttpStatus.OK)
                        .path("neverChecked")
                        .asLong(-1))
                .isZero();

        provider.get().deletePoint(point.id());
        for (Path pack : packs()) {
            Files.delete(pack);
        }
        assertThat(scrub().path("error").path("code").asString()).isEqualTo("REPOSITORY_DAMAGED");
        JsonNode damage = rest.get("/api/v1/repository/damage?repositoryId=" + second.id())
                .expect(HttpStatus.OK);
        assertThat(damage.path("points").path(0).path("id").asString()).isNotEmpty();
        JsonNode reached = rest.get("/api/v1/points/" + point.id() + "/damage?repositoryId=" + second.id())
                .expect(HttpStatus.OK);
        assertThat(reached.path("bytes").asLong()).isEqualTo(point.sizeBytes());
        assertThat(rest.get("/api/v1/repository/damage").expect(HttpStatus.OK).path("packs"))
                .isEmpty();
        assertThat(rest.get("/actuator/health")
                        .expect(HttpStatus.SERVICE_UNAVAILABLE)
                        .at("/components/damage/details/message")
                        .asString())
                .contains(second.directory().toString());
    }

    @Test
    void theCatalogIsRebuilt() {
        JsonNode run = second.ended(rest.post("/api/v1/repository/rebuild?repositoryId=" + second.id(), "")
                .expect(HttpStatus.ACCEPTED));
        assertThat(run.path("state").asString()).isEqualTo("COMPLETE");
        assertThat(run.path("pointIds").toString()).contains(point.id().toString());
    }

    private JsonNode scrub() {
        return second.ended(rest.post("/api/v1/repository/scrub?repositoryId=" + second.id(), "")
                .expect(HttpStatus.ACCEPTED));
    }

    private Iterable<Path> packs() throws IOException {
        try (Stream<Path> files = Files.walk(second.directory().resolve("packs"))) {
            return files.filter(Files::isRegularFile).toList();
        }
    }
}
