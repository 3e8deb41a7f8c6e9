package dev.nightjar.service.copy;

import static org.assertj.core.api.Assertions.assertThat;

import dev.nightjar.service.backup.BackupCompleted;
import dev.nightjar.service.repository.RepositoryProvider;
import dev.nightjar.service.testing.Rest;
import dev.nightjar.service.testing.ServiceTest;
import dev.nightjar.service.testing.TestPoints;
import dev.nightjar.storage.point.PointRecord;
import dev.nightjar.testkit.TempDirectory;
import java.nio.ByteBuffer;
import java.nio.file.Path;
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
    private final Copying copying;
    private TempDirectory directory;
    private UUID target;

    CopiesIT(Rest rest, RepositoryProvider provider, ApplicationEventPublisher events, Copying copying) {
        this.rest = rest;
        this.provider = provider;
        this.events = events;
        this.copying = copying;
    }

    @BeforeEach
    void addTarget() {
        provider.get();
        directory = TempDirectory.create();
        target = UUID.fromString(rest.post("/api/v1/repositories", create(directory.resolve("copies")))
                .expect(HttpStatus.CREATED)
                .at("/repository/id")
                .asString());
    }

    @AfterEach
    void forgetTarget() {
        Awaitility.await().atMost(PATIENCE).until(() -> !copying.isRunning(target));
        rest.delete("/api/v1/repositories/" + target).expect(HttpStatus.NO_CONTENT);
        directory.close();
    }

    @Test
    void pointsAreCopiedByHandAndThePointSaysWhereElseItIs() {
        PointRecord point = take();
        assertThat(copies(point).path("present").asBoolean()).isFalse();

        JsonNode run = rest.post("/api/v1/copies/" + target + "/run", "").expect(HttpStatus.ACCEPTED);

        assertThat(run.path("kind").asString()).isEqualTo("COPY");
        JsonNode ended = ended(run);
        assertThat(ended.path("state").asString()).isEqualTo("COMPLETE");
        assertThat(ended.path("pointIds").toString()).contains(point.id().toString());
        assertThat(copies(point).path("present").asBoolean()).isTrue();
        assertThat(copies(point).path("location").asString()).contains("copies");
        assertThat(target().path("missingPoints").asInt()).isZero();
        ByteBuffer original = ByteBuffer.allocate((int) point.sizeBytes());
        provider.get().reader(point.id()).read(0, original);
        ByteBuffer copy = ByteBuffer.allocate((int) point.sizeBytes());
        provider.get(target).reader(point.id()).read(0, copy);
        assertThat(copy.flip()).isEqualTo(original.flip());
    }

    @Test
    void aBackupIsCopiedByItself() {
        assertThat(target().path("when").asString()).isEqualTo("BY_HAND");
        rest.put("/api/v1/copies/" + target, "{\"when\": \"AFTER_BACKUP\"}").expect(HttpStatus.OK);
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
            if (each.path("repositoryId").asString().equals(target.toString())) {
                return each;
            }
        }
        throw new AssertionError(target + " is not in " + list);
    }

    private JsonNode ended(JsonNode run) {
        String path = "/api/v1/runs/" + run.path("id").asString();
        Awaitility.await()
                .atMost(PATIENCE)
                .until(() ->
                        rest.get(path).expect(HttpStatus.OK).path("finishedAt").isString());
        return rest.get(path).expect(HttpStatus.OK);
    }

    private static String create(Path path) {
        return "{\"name\": \"copies-%s\", \"place\": {\"type\": \"directory\", \"directory\": \"%s\"}}"
                .formatted(UUID.randomUUID(), path);
    }
}
