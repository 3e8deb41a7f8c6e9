package dev.nightjar.service.upkeep;

import static org.assertj.core.api.Assertions.assertThat;

import dev.nightjar.service.repository.RepositoryProvider;
import dev.nightjar.service.testing.Rest;
import dev.nightjar.service.testing.ServiceTest;
import dev.nightjar.service.testing.TestPoints;
import dev.nightjar.storage.point.PointRecord;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.HashSet;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.springframework.http.HttpStatus;
import tools.jackson.databind.JsonNode;

@ServiceTest
class ScrubIT {

    private static final Set<String> ACTIVE = Set.of("QUEUED", "RUNNING");

    private final Rest rest;
    private final RepositoryProvider provider;

    ScrubIT(Rest rest, RepositoryProvider provider) {
        this.rest = rest;
        this.provider = provider;
    }

    @Test
    void whatIsStoredIsProvenAndTheOldestProofIsTold() {
        TestPoints.take(provider.get(), UUID.randomUUID(), Instant.now(), "vda");
        JsonNode run = scrub();
        assertThat(run.path("state").asString()).isEqualTo("COMPLETE");
        assertThat(run.path("bytesDone").asLong()).isPositive();
        JsonNode proofs = rest.get("/api/v1/repository/scrub").expect(HttpStatus.OK);
        assertThat(proofs.path("neverChecked").asLong()).isZero();
        assertThat(Instant.parse(proofs.path("oldestProofAt").asString()))
                .isAfter(Instant.now().minus(Duration.ofMinutes(5)));
        assertThat(rest.text("/actuator/prometheus"))
                .contains("nightjar_scrub_packs_total{found=\"proven\"}", "nightjar_scrub_oldest_proof_age_seconds");
    }

    @Test
    void damageIsToldWithWhatItReachesUntilABackupHealsIt() throws IOException {
        Set<Path> before = packs();
        Instant instant = Instant.now();
        PointRecord point = TestPoints.take(provider.get(), UUID.randomUUID(), instant, "vda")
                .getFirst();
        Set<Path> fresh = new HashSet<>(packs());
        fresh.removeAll(before);
        for (Path pack : fresh) {
            if (Files.readAllBytes(pack)[8] == 1) {
                Files.delete(pack);
            }
        }

        JsonNode run = scrub();
        assertThat(run.path("state").asString()).isEqualTo("FAILED");
        assertThat(run.path("error").path("code").asString()).isEqualTo("REPOSITORY_DAMAGED");
        JsonNode damage = rest.get("/api/v1/repository/damage").expect(HttpStatus.OK);
        assertThat(damage.path("packs").path(0).path("flaws").path(0).asString())
                .isEqualTo("MISSING");
        JsonNode reached = damage.path("points").path(0);
        assertThat(reached.path("id").asString()).isEqualTo(point.id().toString());
        assertThat(reached.path("bytes").asLong()).isEqualTo(point.sizeBytes());
        assertThat(rest.get("/api/v1/points/" + point.id() + "/damage").expect(HttpStatus.OK))
                .isEqualTo(reached);
        assertThat(rest.get("/actuator/health")
                        .expect(HttpStatus.SERVICE_UNAVAILABLE)
                        .path("components")
                        .path("damage")
                        .path("details")
                        .path("code")
                        .asString())
                .isEqualTo("REPOSITORY_DAMAGED");
        assertThat(rest.text("/actuator/prometheus")).contains("nightjar_scrub_damaged_chunks 1.0");

        TestPoints.take(provider.get(), UUID.randomUUID(), instant, "vda");

        assertThat(scrub().path("state").asString()).isEqualTo("COMPLETE");
        assertThat(rest.get("/api/v1/repository/damage").expect(HttpStatus.OK).path("points"))
                .isEmpty();
        rest.get("/actuator/health").expect(HttpStatus.OK);
    }

    private JsonNode scrub() {
        JsonNode run = rest.post("/api/v1/repository/scrub", "").expect(HttpStatus.ACCEPTED);
        assertThat(run.path("kind").asString()).isEqualTo("SCRUB");
        String address = "/api/v1/runs/" + run.path("id").asString();
        Awaitility.await()
                .atMost(Duration.ofSeconds(30))
                .until(() -> !ACTIVE.contains(
                        rest.get(address).expect(HttpStatus.OK).path("state").asString()));
        return rest.get(address).expect(HttpStatus.OK);
    }

    private Set<Path> packs() throws IOException {
        Path directory = Path.of(provider.get().location()).resolve("packs");
        if (!Files.isDirectory(directory)) {
            return Set.of();
        }
        try (Stream<Path> files = Files.walk(directory)) {
            return files.filter(Files::isRegularFile).collect(Collectors.toSet());
        }
    }
}
