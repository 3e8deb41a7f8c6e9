package dev.nightjar.service.restore;

import static org.assertj.core.api.Assertions.assertThat;

import dev.nightjar.service.repository.RepositoryProvider;
import dev.nightjar.service.testing.OwnService;
import dev.nightjar.service.testing.Rest;
import dev.nightjar.testkit.DiskRef;
import dev.nightjar.testkit.QemuImg;
import dev.nightjar.testkit.TempDirectory;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Comparator;
import java.util.List;
import java.util.UUID;
import java.util.stream.Stream;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.springframework.http.HttpStatus;
import tools.jackson.databind.JsonNode;

/** The primary repository is gone with everything in it: what was copied comes back without it. */
@Tag("own-process")
class LostPrimaryIT {

    private final OwnService service = new OwnService();
    private final TempDirectory directory = TempDirectory.create();

    @AfterEach
    void close() {
        service.close();
        directory.close();
    }

    @Test
    void aPointIsRestoredAndServedFromItsCopy() throws IOException {
        service.restart();
        create("primary");
        UUID point = StoredPoint.storeIn(service.bean(RepositoryProvider.class).get());
        String target = create("copies");
        assertThat(ended(rest().post("/api/v1/copies/" + target + "/run", "").expect(HttpStatus.ACCEPTED))
                        .path("state")
                        .asString())
                .isEqualTo("COMPLETE");

        delete(directory.resolve("primary"));
        service.restart();
        rest().get("/api/v1/points").expectProblem(HttpStatus.INTERNAL_SERVER_ERROR, "REPOSITORY_NOT_FOUND");
        rest().get("/api/v1/repositories").expect(HttpStatus.OK);
        JsonNode listed = rest().get("/api/v1/points?repositoryId=" + target).expect(HttpStatus.OK);
        assertThat(listed.path(0).path("id").asString()).isEqualTo(point.toString());
        assertThat(listed.path(0).path("repositoryId").asString()).isEqualTo(target);

        String asked = "\"pointId\": \"%s\", \"repositoryId\": \"%s\"".formatted(point, target);
        JsonNode run = ended(rest().post(
                        "/api/v1/restores",
                        "{%s, \"target\": {\"type\": \"file\", \"path\": \"back.raw\"}}".formatted(asked))
                .expect(HttpStatus.ACCEPTED));
        assertThat(run.path("state").asString()).as("%s", run).isEqualTo("COMPLETE");
        assertThat(Path.of(run.path("target").asString())).hasBinaryContent(StoredPoint.content());

        JsonNode export = rest().post("/api/v1/exports", "{" + asked + "}").expect(HttpStatus.CREATED);
        assertThat(export.path("repositoryId").asString()).isEqualTo(target);
        Path read = directory.resolve("read.raw");
        QemuImg.convert(DiskRef.nbd(export.path("addresses").path(0).path("uri").asString()), DiskRef.raw(read));
        assertThat(read).hasBinaryContent(StoredPoint.content());
        rest().post("/api/v1/repositories/" + target + "/primary", "")
                .expectProblem(HttpStatus.CONFLICT, "REPOSITORY_BUSY");
        rest().delete("/api/v1/exports/" + export.path("id").asString()).expect(HttpStatus.NO_CONTENT);

        assertThat(rest().post("/api/v1/repositories/" + target + "/primary", "")
                        .expect(HttpStatus.OK)
                        .path("role")
                        .asString())
                .isEqualTo("PRIMARY");
        assertThat(rest().get("/api/v1/points")
                        .expect(HttpStatus.OK)
                        .path(0)
                        .path("id")
                        .asString())
                .isEqualTo(point.toString());
    }

    private String create(String name) {
        String request = "{\"name\": \"%s\", \"place\": {\"type\": \"directory\", \"directory\": \"%s\"}}"
                .formatted(name, directory.resolve(name));
        return rest().post("/api/v1/repositories", request)
                .expect(HttpStatus.CREATED)
                .at("/repository/id")
                .asString();
    }

    private JsonNode ended(JsonNode run) {
        String path = "/api/v1/runs/" + run.path("id").asString();
        Awaitility.await()
                .atMost(Duration.ofSeconds(60))
                .until(() -> rest().get(path)
                        .expect(HttpStatus.OK)
                        .path("finishedAt")
                        .isString());
        return rest().get(path).expect(HttpStatus.OK);
    }

    private Rest rest() {
        return service.rest();
    }

    private static void delete(Path tree) throws IOException {
        List<Path> files;
        try (Stream<Path> walk = Files.walk(tree)) {
            files = walk.sorted(Comparator.reverseOrder()).toList();
        }
        for (Path file : files) {
            Files.delete(file);
        }
    }
}
