package dev.nightjar.service.testing;

import dev.nightjar.testkit.TempDirectory;
import java.nio.file.Path;
import java.time.Duration;
import java.util.UUID;
import org.awaitility.Awaitility;
import org.springframework.http.HttpStatus;
import tools.jackson.databind.JsonNode;

/** A second repository of the service under test, in a directory of its own; closing it takes it from the list. Used by one thread. */
public final class SecondRepository implements AutoCloseable {

    private static final Duration PATIENCE = Duration.ofSeconds(60);

    private final Rest rest;
    private final TempDirectory parent = TempDirectory.create();
    private final UUID id;

    /** Makes it, through the API; the service has a primary one. */
    public SecondRepository(Rest rest) {
        this(rest, "");
    }

    private SecondRepository(Rest rest, String more) {
        this.rest = rest;
        String request = "{\"name\": \"copies-%s\", \"place\": {\"type\": \"directory\", \"directory\": \"%s\"}%s}"
                .formatted(UUID.randomUUID(), directory(), more);
        id = UUID.fromString(rest.post("/api/v1/repositories", request)
                .expect(HttpStatus.CREATED)
                .at("/repository/id")
                .asString());
    }

    /** One that is encrypted, and locked again. */
    public static SecondRepository locked(Rest rest) {
        SecondRepository repository = new SecondRepository(
                rest, ", \"encryption\": {\"passphrase\": \"twelve letters and more\", \"keepKey\": false}");
        rest.post("/api/v1/repositories/" + repository.id + "/lock", "").expect(HttpStatus.OK);
        return repository;
    }

    /** The repository. */
    public UUID id() {
        return id;
    }

    /** Where it lies. */
    public Path directory() {
        return parent.resolve("copies");
    }

    /** Copies what it lacks; returns the run as it ended. */
    public JsonNode copyAll() {
        return ended(rest.post("/api/v1/copies/" + id + "/run", "").expect(HttpStatus.ACCEPTED));
    }

    /** A run once it has ended. */
    public JsonNode ended(JsonNode run) {
        String path = "/api/v1/runs/" + run.path("id").asString();
        Awaitility.await()
                .atMost(PATIENCE)
                .until(() ->
                        rest.get(path).expect(HttpStatus.OK).path("finishedAt").isString());
        return rest.get(path).expect(HttpStatus.OK);
    }

    @Override
    public void close() {
        // A run is in the way a moment longer than it says so.
        Awaitility.await()
                .atMost(PATIENCE)
                .until(() -> rest.delete("/api/v1/repositories/" + id).status() == HttpStatus.NO_CONTENT.value());
        parent.close();
    }
}
