package dev.nightjar.testkit.appliance;

import dev.nightjar.testkit.Await;
import dev.nightjar.testkit.TestkitException;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.MissingNode;

/** A client of the appliance's REST API that knows paths and JSON only. Thread-safe; calls block. */
public final class ApplianceApi {

    private static final JsonMapper JSON = JsonMapper.shared();
    private static final Duration REQUEST_LIMIT = Duration.ofSeconds(60);
    private static final Duration POLL = Duration.ofMillis(50);
    private static final Set<String> ACTIVE = Set.of("QUEUED", "RUNNING");

    private final URI base;
    private final HttpClient http =
            HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();

    ApplianceApi(URI base) {
        this.base = base;
    }

    /** The dashboard's address. */
    public URI base() {
        return base;
    }

    /** Whether the service serves requests; its repository may be out of reach all the same. */
    public boolean isHealthy() {
        try {
            ApiReply reply = send("GET", "/actuator/health/readiness", HttpRequest.BodyPublishers.noBody());
            return "UP".equals(reply.body().path("status").asString());
        } catch (IOException e) {
            return false;
        }
    }

    /** GET below {@code /api/v1}. */
    public ApiReply get(String path) {
        return call("GET", "/api/v1" + path, HttpRequest.BodyPublishers.noBody());
    }

    /** POST below {@code /api/v1}, the body given as anything that Jackson can write. */
    public ApiReply post(String path, Object body) {
        return call("POST", "/api/v1" + path, HttpRequest.BodyPublishers.ofString(JSON.writeValueAsString(body)));
    }

    public ApiReply post(String path) {
        return post(path, Map.of());
    }

    public ApiReply delete(String path) {
        return call("DELETE", "/api/v1" + path, HttpRequest.BodyPublishers.noBody());
    }

    /** Downloads below {@code /api/v1} into a file. */
    public void download(String path, Path target) {
        HttpRequest request =
                HttpRequest.newBuilder(base.resolve("/api/v1" + path)).build();
        try {
            HttpResponse<Path> response = http.send(request, HttpResponse.BodyHandlers.ofFile(target));
            if (response.statusCode() != 200) {
                throw new TestkitException("GET " + path + ": " + response.statusCode());
            }
        } catch (IOException e) {
            throw new TestkitException("GET " + path, e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new TestkitException("interrupted", e);
        }
    }

    /** The run as it is now. */
    public JsonNode run(String id) {
        return get("/runs/" + id).expectSuccess();
    }

    /** Waits until a run has ended, however. */
    public JsonNode awaitRun(String id, Duration limit) {
        return awaitRun(id, limit, _ -> {});
    }

    /** As above, showing every state that was seen on the way. */
    public JsonNode awaitRun(String id, Duration limit, Consumer<JsonNode> watcher) {
        AtomicReference<JsonNode> last = new AtomicReference<>(MissingNode.getInstance());
        boolean ended = Await.until(limit, POLL, () -> {
            JsonNode run = run(id);
            last.set(run);
            watcher.accept(run);
            return !ACTIVE.contains(run.path("state").asString());
        });
        if (!ended) {
            throw new TestkitException("run " + id + " has not ended after " + limit + ": " + last.get());
        }
        return last.get();
    }

    private ApiReply call(String method, String path, HttpRequest.BodyPublisher body) {
        try {
            return send(method, path, body);
        } catch (IOException e) {
            throw new TestkitException(method + " " + path + " at " + base, e);
        }
    }

    private ApiReply send(String method, String path, HttpRequest.BodyPublisher body) throws IOException {
        HttpRequest request = HttpRequest.newBuilder(base.resolve(path))
                .timeout(REQUEST_LIMIT)
                .header("Content-Type", "application/json")
                .method(method, body)
                .build();
        try {
            HttpResponse<String> response =
                    http.send(request, HttpResponse.BodyHandlers.ofString(StandardCharsets.UTF_8));
            String text = response.body();
            JsonNode json = text.isBlank() ? MissingNode.getInstance() : JSON.readTree(text);
            return new ApiReply(method + " " + path, response.statusCode(), json);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new TestkitException("interrupted", e);
        }
    }
}
