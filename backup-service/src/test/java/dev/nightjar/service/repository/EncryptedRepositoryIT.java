package dev.nightjar.service.repository;

import static org.assertj.core.api.Assertions.assertThat;

import dev.nightjar.service.testing.Answer;
import dev.nightjar.service.testing.OwnService;
import dev.nightjar.service.testing.Rest;
import dev.nightjar.service.testing.TestPoints;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.time.Instant;
import java.util.UUID;
import java.util.stream.Stream;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.springframework.http.HttpStatus;
import tools.jackson.databind.JsonNode;

@Tag("own-process")
class EncryptedRepositoryIT {

    private static final String PASSPHRASE = "correct horse battery stäple";
    private static final String NEXT = "another twelve letters";
    private static final String MACHINE = """
            {"name": "web-1", "source": {"type": "nbd", "disks": [{"name": "vda", "uri": "nbd://127.0.0.1:1/vda"}]}}""";

    private final OwnService service = new OwnService();

    @AfterEach
    void close() {
        service.close();
    }

    @Test
    void anEncryptedRepositoryFromTheFirstDayOn() throws IOException {
        service.restart();
        nothingIsThereBeforeSomebodySaysWhere();
        String machine = rest().post("/api/v1/machines", MACHINE)
                .expect(HttpStatus.CREATED)
                .path("id")
                .asString();
        String recoveryKey = create();
        String point = TestPoints.take(
                        service.bean(RepositoryProvider.class).get(), UUID.randomUUID(), Instant.now(), "vda")
                .getFirst()
                .id()
                .toString();
        String content = content(point);

        service.restart();
        itIsLockedAndSaysSo(machine, point);
        unlock("{\"passphrase\": \"wrong, but long enough\"}").expectProblem(HttpStatus.FORBIDDEN, "PASSPHRASE_WRONG");
        unlock("{}").expectProblem(HttpStatus.BAD_REQUEST, "INVALID_REQUEST");
        unlock("{\"recoveryKey\": \"%s\"}".formatted(recoveryKey)).expect(HttpStatus.OK);
        assertThat(content(point)).isEqualTo(content);
        thePassphraseIsChanged();
        unlock("{\"passphrase\": \"%s\"}".formatted(PASSPHRASE))
                .expectProblem(HttpStatus.FORBIDDEN, "PASSPHRASE_WRONG");
        unlock("{\"passphrase\": \"%s\", \"keepKey\": true}".formatted(NEXT)).expect(HttpStatus.OK);
        assertThat(Files.getPosixFilePermissions(service.data().resolve("keys").resolve(id())))
                .isEqualTo(PosixFilePermissions.fromString("rw-------"));

        service.restart();
        assertThat(repository().path("unlocking").asString()).isEqualTo("KEPT_KEY");
        assertThat(content(point)).isEqualTo(content);
        lock();
        assertThat(service.data().resolve("keys").resolve(id())).doesNotExist();
        rest().get("/api/v1/points/" + point + "/content").expectProblem(HttpStatus.LOCKED, "REPOSITORY_LOCKED");
        rest().get("/api/v1/points").expect(HttpStatus.OK);
    }

    @Test
    void aPassphraseFileMakesAndUnlocksARepositoryWithoutAnybody() throws IOException {
        Path file = Files.writeString(service.data().resolve("passphrase"), PASSPHRASE + "\n");
        service.restart("--nightjar.repository.passphrase-file=" + file);
        assertThat(repository().path("state").asString()).isEqualTo("OPEN");
        assertThat(repository().path("unlocking").asString()).isEqualTo("PASSPHRASE_FILE");
        assertThat(repository().path("encrypted").asBoolean()).isTrue();
        assertThat(repository().path("configured").asBoolean()).isTrue();
        Path recoveryKey = service.data().resolve("keys").resolve(id() + ".recovery-key");
        assertThat(Files.readString(recoveryKey)).matches("([A-Z2-7]{4}-){9}[A-Z2-7]{4}\n");

        lock();
        unlock("{\"recoveryKey\": \"%s\"}"
                        .formatted(Files.readString(recoveryKey).strip()))
                .expect(HttpStatus.OK);
        theFileIsMountedLate(file);
    }

    private void theFileIsMountedLate(Path file) throws IOException {
        Path aside = Files.move(file, file.resolveSibling("not-mounted-yet"));
        service.restart("--nightjar.repository.passphrase-file=" + file);
        assertThat(repository().path("state").asString()).isEqualTo("LOCKED");
        Files.move(aside, file);
        Awaitility.await()
                .atMost(Duration.ofSeconds(60))
                .until(() -> repository().path("state").asString().equals("OPEN"));
    }

    private void nothingIsThereBeforeSomebodySaysWhere() throws IOException {
        rest().get("/api/v1/repository").expectProblem(HttpStatus.CONFLICT, "REPOSITORY_NOT_CONFIGURED");
        rest().get("/api/v1/points").expectProblem(HttpStatus.CONFLICT, "REPOSITORY_NOT_CONFIGURED");
        assertThat(rest().get("/api/v1/repositories").expect(HttpStatus.OK)).isEmpty();
        assertThat(rest().get("/api/v1/overview")
                        .expect(HttpStatus.OK)
                        .at("/repository/state")
                        .asString())
                .isEqualTo("NOT_CONFIGURED");
        assertThat(rest().get("/actuator/health")
                        .expect(HttpStatus.OK)
                        .at("/components/repository/details/code")
                        .asString())
                .isEqualTo("REPOSITORY_NOT_CONFIGURED");
        assertThat(service.data().resolve("repository")).doesNotExist();
    }

    private String create() {
        String directory = rest().get("/api/v1/repositories/defaults")
                .expect(HttpStatus.OK)
                .path("directory")
                .asString();
        rest().post("/api/v1/repositories", body(directory, "too short"))
                .expectProblem(HttpStatus.BAD_REQUEST, "PASSPHRASE_TOO_SHORT");
        JsonNode created =
                rest().post("/api/v1/repositories", body(directory, PASSPHRASE)).expect(HttpStatus.CREATED);
        assertThat(created.at("/repository/role").asString()).isEqualTo("PRIMARY");
        assertThat(created.at("/repository/state").asString()).isEqualTo("OPEN");
        return created.path("recoveryKey").asString();
    }

    private static String body(String directory, String passphrase) {
        return """
                {"place": {"type": "directory", "directory": "%s"}, "encryption": {"passphrase": "%s", "keepKey": false}}""".formatted(directory, passphrase);
    }

    private void itIsLockedAndSaysSo(String machine, String point) {
        assertThat(repository().path("state").asString()).isEqualTo("LOCKED");
        assertThat(repository().at("/contents/points").asInt()).isEqualTo(1);
        JsonNode overview = rest().get("/api/v1/overview").expect(HttpStatus.OK);
        assertThat(overview.at("/repository/code").asString()).isEqualTo("REPOSITORY_LOCKED");
        assertThat(rest().get("/actuator/health")
                        .expect(HttpStatus.SERVICE_UNAVAILABLE)
                        .at("/components/repository/details/code")
                        .asString())
                .isEqualTo("REPOSITORY_LOCKED");
        rest().get("/api/v1/points/" + point + "/content").expectProblem(HttpStatus.LOCKED, "REPOSITORY_LOCKED");
        rest().post("/api/v1/repository/rebuild", "").expectProblem(HttpStatus.LOCKED, "REPOSITORY_LOCKED");
        rest().post("/api/v1/exports", "{\"pointId\": \"%s\"}".formatted(point))
                .expectProblem(HttpStatus.LOCKED, "REPOSITORY_LOCKED");
        JsonNode backup = end(rest().post("/api/v1/machines/" + machine + "/backup", "{}"));
        assertThat(backup.at("/error/code").asString()).isEqualTo("REPOSITORY_LOCKED");
        JsonNode reclaim = end(rest().post("/api/v1/repository/reclaim", ""));
        assertThat(reclaim.path("state").asString()).isEqualTo("COMPLETE");
    }

    private void thePassphraseIsChanged() {
        String path = "/api/v1/repositories/" + id() + "/passphrase";
        String change = "{\"currentPassphrase\": \"%s\", \"passphrase\": \"%s\"}";
        rest().put(path, change.formatted(NEXT, NEXT)).expectProblem(HttpStatus.FORBIDDEN, "PASSPHRASE_WRONG");
        rest().put(path, change.formatted(PASSPHRASE, "short"))
                .expectProblem(HttpStatus.BAD_REQUEST, "PASSPHRASE_TOO_SHORT");
        rest().put(path, change.formatted(PASSPHRASE, NEXT)).expect(HttpStatus.OK);
        try (Stream<Path> keys = Files.list(service.data().resolve("repository/keys"))) {
            assertThat(keys).hasSize(1);
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }

    private void lock() {
        Awaitility.await()
                .atMost(Duration.ofSeconds(10))
                .untilAsserted(() -> assertThat(rest().post("/api/v1/repositories/" + id() + "/lock", "")
                                .expect(HttpStatus.OK)
                                .path("state")
                                .asString())
                        .isEqualTo("LOCKED"));
    }

    private Answer unlock(String body) {
        return rest().post("/api/v1/repositories/" + id() + "/unlock", body);
    }

    private JsonNode repository() {
        return rest().get("/api/v1/repositories").expect(HttpStatus.OK).get(0);
    }

    private String id() {
        return repository().path("id").asString();
    }

    private String content(String point) {
        return rest().text("/api/v1/points/" + point + "/content");
    }

    private JsonNode end(Answer submitted) {
        String run = submitted.expect(HttpStatus.ACCEPTED).path("id").asString();
        Awaitility.await()
                .atMost(Duration.ofSeconds(30))
                .until(() -> !rest().get("/api/v1/runs/" + run)
                        .expect(HttpStatus.OK)
                        .path("finishedAt")
                        .isMissingNode());
        return rest().get("/api/v1/runs/" + run).expect(HttpStatus.OK);
    }

    private Rest rest() {
        return service.rest();
    }
}
