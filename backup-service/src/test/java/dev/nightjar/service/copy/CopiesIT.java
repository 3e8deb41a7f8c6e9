package dev.nightjar.service.copy;

import static org.assertj.core.api.Assertions.assertThat;

import dev.nightjar.service.backup.BackupCompleted;
import dev.nightjar.service.repository.RepositoryProvider;
import dev.nightjar.service.testing.Rest;
import dev.nightjar.service.testing.SecondRepository;
import dev.nightjar.service.testing.ServiceTest;
import dev.nightjar.service.testing.TestPoints;
import dev.nightjar.storage.point.PointRecord;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.time.Instant;
import java.util.UUID;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.springframework.context.ApplicationEventPublisher;
import org.springframework.http.HttpStatus;
import tools.jackson.databind.JsonNode;

@ServiceTest
class CopiesIT {

    private static final Duration PATIENCE = Duration.ofSeconds(60);

    private final Rest rest;
    private final RepositoryProvider provider;
    private final ApplicationEventPublisher events;
    private SecondRepository second;

    CopiesIT(Rest rest, RepositoryProvider provider, ApplicationEventPublisher events) {
        this.rest = rest;
        this.provider = provider;
        this.events = events;
    }

    @BeforeEach
    void addTarget() {
        provider.get();
        second = new SecondRepository(rest);
    }

    @AfterEach
    void forgetTarget() {
        second.close();
    }

    @Test
    void pointsAreCopiedByHandAndThePointSaysWhereElseItIs() {
        PointRecord point = take();
        assertThat(copies(point).path("present").asBoolean()).isFalse();

        JsonNode run = rest.post("/api/v1/copies/" + second.id() + "/run", "").expect(HttpStatus.ACCEPTED);

        assertThat(run.path("kind").asString()).isEqualTo("COPY");
        JsonNode ended = second.ended(run);
        assertThat(ended.path("state").asString()).isEqualTo("COMPLETE");
        assertThat(ended.path("pointIds").toString()).contains(point.id().toString());
        assertThat(copies(point).path("present").asBoolean()).isTrue();
        assertThat(copies(point).path("location").asString()).contains("copies");
        assertThat(target().path("missingPoints").asInt()).isZero();
        ByteBuffer original = ByteBuffer.allocate((int) point.sizeBytes());
        provider.get().reader(point.id()).read(0, original);
        ByteBuffer copy = ByteBuffer.allocate((int) point.sizeBytes());
        provider.get(second.id()).reader(point.id()).read(0, copy);
        assertThat(copy.flip()).isEqualTo(original.flip());
    }

    @Test
    void aBackupIsCopiedByItself() {
        assertThat(target().path("when").asString()).isEqualTo("BY_HAND");
        rest.put("/api/v1/copies/" + second.id(), "{\"when\": \"AFTER_BACKUP\"}")
                .expect(HttpStatus.OK);
        PointRecord point = take();
        events.publishEvent(new BackupCompleted(point.runId(), point.machineId(), null));
        Awaitility.await()
                .atMost(PATIENCE)
                .until(() -> copies(point).path("present").asBoolean());
    }

    @Test
    void thePrimaryAndUnknownOnesAreNoTargets() {
        rest.post("/api/v1/copies/" + provider.primary() + "/run", "")
                .expectProblem(HttpStatus.CONFLICT, "NOT_A_COPY_TARGET");
        rest.put("/api/v1/copies/" + UUID.randomUUID(), "{\"when\": \"DAILY\"}")
                .expectProblem(HttpStatus.NOT_FOUND, "REPOSITORY_UNKNOWN");
    }

    private PointRecord take() {
        return TestPoints.take(provider.get(), UUID.randomUUID(), Instant.now(), "vda")
                .getFirst();
    }

    private JsonNode copies(PointRecord point) {
        return one(rest.get("/api/v1/points/" + point.id() + "/copies").expect(HttpStatus.OK));
    }

    private JsonNode target() {
        return one(rest.get("/api/v1/copies").expect(HttpStatus.OK));
    }

    private JsonNode one(JsonNode list) {
        for (JsonNode each : list) {
            if (each.path("repositoryId").asString().equals(second.id().toString())) {
                return each;
            }
        }
        throw new AssertionError(second.id() + " is not in " + list);
    }
}
