package dev.nightjar.service.restore;

import static org.assertj.core.api.Assertions.assertThat;

import dev.nightjar.service.repository.RepositoryProvider;
import dev.nightjar.service.testing.Rest;
import dev.nightjar.service.testing.SecondRepository;
import dev.nightjar.service.testing.ServiceTest;
import dev.nightjar.service.testing.TestPoints;
import dev.nightjar.storage.point.PointRecord;
import dev.nightjar.testkit.DiskRef;
import dev.nightjar.testkit.QemuIo;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.springframework.http.HttpStatus;
import tools.jackson.databind.JsonNode;

/** A point whose original was deleted, in the repository that it was copied to. */
@ServiceTest
class RestoreFromCopyIT {

    private final Rest rest;
    private final RepositoryProvider provider;
    private SecondRepository second;
    private PointRecord point;
    private byte[] content;

    RestoreFromCopyIT(Rest rest, RepositoryProvider provider) {
        this.rest = rest;
        this.provider = provider;
    }

    @BeforeEach
    void copyAPointAndDeleteIt() {
        point = TestPoints.take(provider.get(), UUID.randomUUID(), Instant.now(), "vda")
                .getFirst();
        content = new byte[(int) point.sizeBytes()];
        provider.get().reader(point.id()).read(0, ByteBuffer.wrap(content));
        second = new SecondRepository(rest);
        assertThat(second.copyAll().path("state").asString()).isEqualTo("COMPLETE");
        rest.delete("/api/v1/points/" + point.id()).expect(HttpStatus.NO_CONTENT);
        rest.get("/api/v1/points/" + point.id()).expectProblem(HttpStatus.NOT_FOUND, "POINT_NOT_FOUND");
    }

    @AfterEach
    void forgetTarget() {
        second.close();
    }

    @Test
    void itIsShownAndRestored() {
        JsonNode shown = rest.get(path("")).expect(HttpStatus.OK);
        assertThat(shown.path("copied").asBoolean()).isTrue();
        assertThat(shown.path("repositoryId").asString()).isEqualTo(second.id().toString());
        JsonNode run = second.ended(rest.post("/api/v1/restores", """
                        {"pointId": "%s", "repositoryId": "%s", "target": {"type": "file", "path": "%s.raw"}}""".formatted(point.id(), second.id(), point.id()))
                .expect(HttpStatus.ACCEPTED));
        assertThat(run.path("state").asString()).as("%s", run).isEqualTo("COMPLETE");
        assertThat(Path.of(run.path("target").asString())).hasBinaryContent(content);
        assertThat(rest.get(path("/content")).headers().firstValueAsLong("Content-Length"))
                .hasValue(content.length);
    }

    @Test
    void whatIsWrittenToItIsKeptBesideIt() {
        JsonNode export = rest.post("/api/v1/exports", """
                        {"pointId": "%s", "repositoryId": "%s", "writable": true}""".formatted(point.id(), second.id()))
                .expect(HttpStatus.CREATED);
        String uri = export.path("addresses").path(0).path("uri").asString();
        QemuIo.run(DiskRef.nbd(uri), "write -P 9 4096 4096", "flush");
        JsonNode run =
                second.ended(rest.post("/api/v1/exports/" + export.path("id").asString() + "/keep", "")
                        .expect(HttpStatus.ACCEPTED));
        assertThat(run.path("state").asString()).as("%s", run).isEqualTo("COMPLETE");
        UUID kept = UUID.fromString(run.path("pointIds").path(0).asString());
        byte[] wanted = content.clone();
        Arrays.fill(wanted, 4096, 8192, (byte) 9);
        byte[] read = new byte[wanted.length];
        provider.get(second.id()).reader(kept).read(0, ByteBuffer.wrap(read));
        assertThat(read).isEqualTo(wanted);
    }

    @Test
    void itIsLockedAndDeletedThere() {
        Instant until = Instant.now().plus(Duration.ofDays(1));
        PointRecord other = TestPoints.take(provider.get(), UUID.randomUUID(), Instant.now(), "vda")
                .getFirst();
        assertThat(second.copyAll().path("state").asString()).isEqualTo("COMPLETE");
        String there = "/api/v1/points/" + other.id();
        String of = "?repositoryId=" + second.id();
        assertThat(rest.post(there + "/lock" + of, "{\"until\": \"" + until + "\"}")
                        .expect(HttpStatus.OK)
                        .path("lockedUntil")
                        .isString())
                .isTrue();
        rest.delete(there + of).expectProblem(HttpStatus.LOCKED, "POINT_LOCKED");
        assertThat(rest.get(there).expect(HttpStatus.OK).path("lockedUntil").isString())
                .isFalse();
        rest.delete(path("")).expect(HttpStatus.NO_CONTENT);
        rest.get(path("")).expectProblem(HttpStatus.NOT_FOUND, "POINT_NOT_FOUND");
    }

    private String path(String action) {
        return "/api/v1/points/" + point.id() + action + "?repositoryId=" + second.id();
    }
}
