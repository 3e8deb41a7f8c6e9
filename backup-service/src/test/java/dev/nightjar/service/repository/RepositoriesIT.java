package dev.nightjar.service.repository;

import static java.time.Duration.ofSeconds;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.nightjar.service.testing.Rest;
import dev.nightjar.service.testing.ServiceTest;
import dev.nightjar.service.testing.TestPoints;
import dev.nightjar.storage.StorageErrorCode;
import dev.nightjar.storage.StorageException;
import dev.nightjar.storage.blob.s3.S3Credentials;
import dev.nightjar.storage.point.PointRecord;
import dev.nightjar.storage.repository.CatalogState;
import dev.nightjar.storage.repository.Repository;
import dev.nightjar.testkit.S3Proxy;
import dev.nightjar.testkit.TempDirectory;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.UUID;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.springframework.http.HttpStatus;
import org.springframework.jdbc.core.simple.JdbcClient;
import tools.jackson.databind.JsonNode;

@ServiceTest
class RepositoriesIT {

    private static final Path JAR = Path.of("target/peers/s3proxy.jar").toAbsolutePath();

    private static TempDirectory directory;
    private static S3Proxy store;

    private final Rest rest;
    private final RepositoryProvider provider;
    private final RepositoryRows rows;
    private final JdbcClient jdbc;

    RepositoriesIT(Rest rest, RepositoryProvider provider, RepositoryRows rows, JdbcClient jdbc) {
        this.rest = rest;
        this.provider = provider;
        this.rows = rows;
        this.jdbc = jdbc;
    }

    @BeforeAll
    static void start() {
        directory = TempDirectory.create();
        store = S3Proxy.start(JAR, directory.path());
        store.createBucket("backups");
    }

    @AfterAll
    static void stop() {
        store.close();
        directory.close();
    }

    @Test
    void anEncryptedRepositoryInABucketKeepsPointsAndItsSecretKey() {
        JsonNode probed = rest.post("/api/v1/repositories/probe", "{\"place\": %s}".formatted(bucket("full", "")))
                .expect(HttpStatus.OK);
        assertThat(probed.path("contents").asString()).isEqualTo("EMPTY");
        assertThat(probed.path("objectLock").asBoolean()).isFalse();
        JsonNode created = rest.post(
                        "/api/v1/repositories",
                        create(
                                "offsite",
                                bucket("full", ""),
                                ", \"encryption\": {\"passphrase\": \"twelve letters and more\", \"keepKey\": false}"))
                .expect(HttpStatus.CREATED);
        JsonNode repository = created.path("repository");
        assertThat(repository.path("role").asString()).isEqualTo("TARGET");
        assertThat(repository.path("kind").asString()).isEqualTo("S3");
        assertThat(repository.path("accessKey").asString()).isEqualTo(S3Proxy.ACCESS_KEY);
        assertThat(created.path("recoveryKey").asString()).isNotBlank();

        UUID id = UUID.fromString(repository.path("id").asString());
        Repository open = provider.get(id);
        PointRecord point =
                TestPoints.take(open, UUID.randomUUID(), Instant.now(), "vda").getFirst();
        assertThat(open.points()).containsExactly(point);
        assertThat(provider.get().points()).doesNotContain(point);
        assertThat(rest.text("/api/v1/repositories")).doesNotContain(S3Proxy.SECRET_KEY);
        assertThat(jdbc.sql("SELECT secret_key FROM nightjar.repository WHERE id = :id")
                        .param("id", id)
                        .query(byte[].class)
                        .single())
                .asString(java.nio.charset.StandardCharsets.ISO_8859_1)
                .doesNotContain(S3Proxy.SECRET_KEY);

        forgottenAndAddedAgain(id, point);
    }

    private void forgottenAndAddedAgain(UUID id, PointRecord point) {
        rest.delete("/api/v1/repositories/" + id).expect(HttpStatus.NO_CONTENT);
        rest.get("/api/v1/repositories/" + id).expectProblem(HttpStatus.NOT_FOUND, "REPOSITORY_UNKNOWN");
        rest.post("/api/v1/repositories", create("again", bucket("full", ""), ""))
                .expectProblem(HttpStatus.CONFLICT, "REPOSITORY_EXISTS");
        JsonNode locked = rest.post("/api/v1/repositories/add", create("again", bucket("full", ""), ""))
                .expect(HttpStatus.CREATED);
        assertThat(locked.path("state").asString()).isEqualTo("LOCKED");
        rest.post("/api/v1/repositories/" + id + "/unlock", "{\"passphrase\": \"twelve letters and more\"}")
                .expect(HttpStatus.OK);
        assertThat(provider.get(id).points()).containsExactly(point);
        assertThat(provider.get(id).reader(point.id()).size()).isEqualTo(point.sizeBytes());
        anotherAccessKeyCountsOnlyIfItOpensTheBucket(id);
        whatAnotherNodeWritesDownCountsHereWithoutOpeningTheRepositoryAgain(id);
        rest.delete("/api/v1/repositories/" + id).expect(HttpStatus.NO_CONTENT);
    }

    private void anotherAccessKeyCountsOnlyIfItOpensTheBucket(UUID id) {
        String path = "/api/v1/repositories/" + id + "/credentials";
        rest.put(path, "{\"accessKey\": \"nobody\", \"secretKey\": \"nothing\"}")
                .expectProblem(HttpStatus.CONFLICT, "STORE_ACCESS_DENIED");
        assertThat(provider.get(id).points()).hasSize(1);
        rest.put(
                        path,
                        "{\"accessKey\": \"%s\", \"secretKey\": \"%s\"}"
                                .formatted(S3Proxy.ACCESS_KEY, S3Proxy.SECRET_KEY))
                .expect(HttpStatus.OK);
    }

    private void whatAnotherNodeWritesDownCountsHereWithoutOpeningTheRepositoryAgain(UUID id) {
        Repository open = provider.get(id);
        rows.setCredentials(id, new S3Credentials(S3Proxy.ACCESS_KEY, "revoked"));
        await().atMost(ofSeconds(30))
                .untilAsserted(() -> assertThatThrownBy(open::catalogState)
                        .isInstanceOfSatisfying(
                                StorageException.class,
                                e -> assertThat(e.code()).isEqualTo(StorageErrorCode.STORE_ACCESS_DENIED)));
        rows.setCredentials(id, new S3Credentials(S3Proxy.ACCESS_KEY, S3Proxy.SECRET_KEY));
        await().atMost(ofSeconds(30)).ignoreExceptions().until(() -> open.catalogState() == CatalogState.MATCHES);
        assertThat(provider.get(id)).isSameAs(open);
        assertThat(open.locked()).isFalse();
    }

    @Test
    void whatIsWrongWithABucketIsSaidAndNothingIsLeft() {
        rest.post("/api/v1/repositories", create("turned down", bucket("x", "").replace("backups", "missing"), ""))
                .expectProblem(HttpStatus.INTERNAL_SERVER_ERROR, "REPOSITORY_NOT_FOUND");
        rest.post(
                        "/api/v1/repositories",
                        create("turned down", bucket("x", "").replace(S3Proxy.SECRET_KEY, "wrong"), ""))
                .expectProblem(HttpStatus.CONFLICT, "STORE_ACCESS_DENIED");
        rest.post("/api/v1/repositories", create("turned down", bucket("x", "").replace("backups", "No Bucket"), ""))
                .expectProblem(HttpStatus.BAD_REQUEST, "INVALID_BUCKET");
        JsonNode problem = rest.post(
                        "/api/v1/repositories",
                        create(
                                "turned down",
                                "{\"type\": \"s3\", \"bucket\": \"backups\", \"accessKey\": \"only\"}",
                                ""))
                .expectProblem(HttpStatus.BAD_REQUEST, "INVALID_ACCESS_KEY");
        assertThat(problem.at("/fieldErrors/0/field").asString()).isEqualTo("place.secretKey");
        assertThat(directory.resolve("objects/backups/x")).doesNotExist();
        assertThat(names()).doesNotContain("turned down");
    }

    @Test
    void theKeyThatAFailedAttemptLeftDoesNotStopANewOne() throws IOException {
        Path place = directory.resolve("again");
        Path keys = Files.createDirectories(place.resolve("keys"));
        Files.writeString(keys.resolve("his"), "no key");
        rest.post("/api/v1/repositories", create("again", dir(place), ""))
                .expectProblem(HttpStatus.CONFLICT, "PLACE_NOT_EMPTY");
        Files.move(keys.resolve("his"), keys.resolve(UUID.randomUUID().toString()));
        JsonNode made = rest.post("/api/v1/repositories", create("again", dir(place), ""))
                .expect(HttpStatus.CREATED);
        rest.delete("/api/v1/repositories/" + made.at("/repository/id").asString())
                .expect(HttpStatus.NO_CONTENT);
    }

    @Test
    void aDirectoryThatCannotBeOneIsRefusedAndNothingIsLeft() throws IOException {
        Path other = Files.createDirectories(directory.resolve("somebody's"));
        Files.writeString(other.resolve("file"), "his");
        rest.post("/api/v1/repositories", create("refused", dir(other), ""))
                .expectProblem(HttpStatus.CONFLICT, "PLACE_NOT_EMPTY");
        assertThat(other).isDirectoryContaining(file -> file.endsWith("file"));
        rest.post(
                        "/api/v1/repositories",
                        create("refused", "{\"type\": \"directory\", \"directory\": \"backups\"}", ""))
                .expectProblem(HttpStatus.BAD_REQUEST, "INVALID_DIRECTORY");
        rest.post("/api/v1/repositories", create("refused", dir(other.resolve("file/below")), ""))
                .expectProblem(HttpStatus.INTERNAL_SERVER_ERROR, "REPOSITORY_NOT_WRITABLE");
        String primary = provider.get().location();
        rest.post("/api/v1/repositories", create("refused", dir(Path.of(primary)), ""))
                .expectProblem(HttpStatus.CONFLICT, "REPOSITORY_KNOWN");
        rest.post("/api/v1/repositories", create("Repository", dir(directory.resolve("a/b/c")), ""))
                .expectProblem(HttpStatus.CONFLICT, "REPOSITORY_NAME_TAKEN");
        assertThat(directory.resolve("a")).doesNotExist();
        rest.post("/api/v1/repositories", create("refused", dir(directory.resolve("z")), ", \"role\": \"PRIMARY\""))
                .expectProblem(HttpStatus.CONFLICT, "REPOSITORY_IS_CONFIGURED");
        assertThat(names()).doesNotContain("refused");
    }

    @Test
    void thePrimaryStaysInTheListAndHasNoKey() {
        UUID primary = provider.primary();
        rest.delete("/api/v1/repositories/" + primary).expectProblem(HttpStatus.CONFLICT, "REPOSITORY_IS_PRIMARY");
        rest.post("/api/v1/repositories/" + primary + "/lock", "").expectProblem(HttpStatus.CONFLICT, "NOT_ENCRYPTED");
        rest.put("/api/v1/repositories/" + primary + "/credentials", "{}")
                .expectProblem(HttpStatus.CONFLICT, "NO_CREDENTIALS_HERE");
        JsonNode view = rest.get("/api/v1/repositories/" + primary).expect(HttpStatus.OK);
        assertThat(view).isEqualTo(rest.get("/api/v1/repository").expect(HttpStatus.OK));
        assertThat(view.path("unlocking").asString()).isEqualTo("NOT_NEEDED");
    }

    private String names() {
        return rest.get("/api/v1/repositories")
                .expect(HttpStatus.OK)
                .findValuesAsString("name")
                .toString();
    }

    private static String create(String name, String place, String more) {
        return "{\"name\": \"%s\", \"place\": %s%s}".formatted(name, place, more);
    }

    private static String dir(Path path) {
        return "{\"type\": \"directory\", \"directory\": \"%s\"}".formatted(path);
    }

    private static String bucket(String prefix, String more) {
        return """
                {"type": "s3", "bucket": "backups", "prefix": "%s", "endpoint": "%s", "accessKey": "%s", "secretKey": "%s"%s}""".formatted(prefix, store.uri(), S3Proxy.ACCESS_KEY, S3Proxy.SECRET_KEY, more);
    }
}
