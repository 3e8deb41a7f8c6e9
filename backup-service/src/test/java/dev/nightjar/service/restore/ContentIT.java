package dev.nightjar.service.restore;

import static org.assertj.core.api.Assertions.assertThat;

import dev.nightjar.service.repository.RepositoryProvider;
import dev.nightjar.service.testing.Rest;
import dev.nightjar.service.testing.ServiceTest;
import java.io.IOException;
import java.io.InputStream;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.springframework.http.HttpStatus;

@ServiceTest
class ContentIT {

    private static final byte[] CONTENT = StoredPoint.content();

    private final HttpClient http = HttpClient.newHttpClient();
    private final Rest rest;
    private final RepositoryProvider repository;

    ContentIT(Rest rest, RepositoryProvider repository) {
        this.rest = rest;
        this.repository = repository;
    }

    @Test
    void sendsTheWholeDisk() throws Exception {
        HttpResponse<byte[]> whole = get(point());
        assertThat(whole.statusCode()).isEqualTo(200);
        assertThat(whole.headers().firstValueAsLong("Content-Length")).hasValue(StoredPoint.SIZE);
        assertThat(whole.headers().firstValue("Accept-Ranges")).hasValue("bytes");
        assertThat(whole.headers().firstValue("Content-Type")).hasValue("application/octet-stream");
        assertThat(whole.headers().firstValue("Content-Disposition").orElse(""))
                .startsWith("attachment")
                .contains("web-1-vda-19700101T000000Z.img");
        assertThat(whole.headers().firstValue("ETag").orElse("")).matches("\"[^\"]{16,}\"");
        assertThat(Arrays.mismatch(whole.body(), CONTENT)).isEqualTo(-1);
    }

    @Test
    void sendsARangeWhereverItBeginsAndEnds() throws Exception {
        UUID point = point();
        int chunk = StoredPoint.CHUNK;
        assertRange(point, "bytes=0-0", 0, 1);
        assertRange(point, "bytes=1-" + (4 * chunk), 1, 4 * chunk);
        assertRange(point, "bytes=" + (3 * chunk - 7) + "-" + (98 * chunk + 7), 3 * chunk - 7, 95 * chunk + 15);
        assertRange(point, "bytes=" + (StoredPoint.SIZE - 10) + "-", StoredPoint.SIZE - 10, 10);
        assertRange(point, "bytes=-512", StoredPoint.SIZE - 512, 512);
        assertRange(point, "bytes=100-99999999999", 100, StoredPoint.SIZE - 100);
    }

    @Test
    void answersHeadLikeGetWithoutTheBody() throws Exception {
        HttpResponse<byte[]> head = http.send(
                request(point())
                        .method("HEAD", HttpRequest.BodyPublishers.noBody())
                        .build(),
                BodyHandlers.ofByteArray());
        assertThat(head.statusCode()).isEqualTo(200);
        assertThat(head.headers().firstValueAsLong("Content-Length")).hasValue(StoredPoint.SIZE);
        assertThat(head.headers().firstValue("ETag")).isPresent();
        assertThat(head.body()).isEmpty();
    }

    @Test
    void doesNotCutWhatHeadDescribes() throws Exception {
        HttpResponse<byte[]> head = http.send(
                request(point())
                        .method("HEAD", HttpRequest.BodyPublishers.noBody())
                        .header("Range", "bytes=0-9")
                        .build(),
                BodyHandlers.ofByteArray());
        assertThat(head.statusCode()).isEqualTo(200);
        assertThat(head.headers().firstValueAsLong("Content-Length")).hasValue(StoredPoint.SIZE);
    }

    @Test
    void saysThatARangeLiesBehindTheDisk() throws Exception {
        HttpResponse<byte[]> behind = get(point(), "Range", "bytes=" + StoredPoint.SIZE + "-");
        assertThat(behind.statusCode()).isEqualTo(416);
        assertThat(behind.headers().firstValue("Content-Range")).hasValue("bytes */" + StoredPoint.SIZE);
        assertThat(new String(behind.body(), StandardCharsets.UTF_8)).contains("\"code\":\"RANGE_NOT_SATISFIABLE\"");
    }

    @Test
    void goesOnWithADownloadOnlyIfItIsTheSameContent() throws Exception {
        UUID point = point();
        String tag =
                get(point, "Range", "bytes=0-0").headers().firstValue("ETag").orElseThrow();
        assertThat(get(point, "Range", "bytes=5-9", "If-Range", tag).statusCode())
                .isEqualTo(206);
        HttpResponse<byte[]> other = get(point, "Range", "bytes=5-9", "If-Range", "\"another\"");
        assertThat(other.statusCode()).isEqualTo(200);
        assertThat(other.body()).hasSize(StoredPoint.SIZE);
        assertThat(get(point, "If-None-Match", tag).statusCode()).isEqualTo(304);
        assertThat(get(point, "If-None-Match", "\"another\", W/" + tag).statusCode())
                .isEqualTo(304);
        assertThat(get(point, "If-None-Match", "\"another\"").statusCode()).isEqualTo(200);
    }

    @Test
    void sendsTheWholeForARangeThatItDoesNotUnderstand() throws Exception {
        UUID point = point();
        assertThat(get(point, "Range", "lines=1-2").statusCode()).isEqualTo(200);
        assertThat(get(point, "Range", "bytes=0-1,5-6").statusCode()).isEqualTo(200);
    }

    @Test
    void survivesAClientThatGoesAwayInTheMiddle() throws Exception {
        UUID point = point();
        for (int i = 0; i < 3; i++) {
            try (InputStream body = http.send(request(point).build(), BodyHandlers.ofInputStream())
                    .body()) {
                assertThat(body.readNBytes(100)).hasSize(100);
            }
        }
        assertThat(get(point, "Range", "bytes=0-9").body()).hasSize(10);
    }

    @Test
    void saysThatAPointDoesNotExist() {
        rest.get("/api/v1/points/" + UUID.randomUUID() + "/content")
                .expectProblem(HttpStatus.NOT_FOUND, "POINT_NOT_FOUND");
    }

    private UUID point() {
        return StoredPoint.storeIn(repository.get());
    }

    private void assertRange(UUID point, String range, int offset, int length) throws Exception {
        HttpResponse<byte[]> part = get(point, "Range", range);
        assertThat(part.statusCode()).as(range).isEqualTo(206);
        assertThat(part.headers().firstValue("Content-Range"))
                .hasValue("bytes %d-%d/%d".formatted(offset, offset + length - 1, StoredPoint.SIZE));
        assertThat(Arrays.equals(part.body(), Arrays.copyOfRange(CONTENT, offset, offset + length)))
                .as(range)
                .isTrue();
    }

    private HttpResponse<byte[]> get(UUID point, String... headers) throws IOException, InterruptedException {
        HttpRequest.Builder request = request(point);
        if (headers.length > 0) {
            request.headers(headers);
        }
        return http.send(request.build(), BodyHandlers.ofByteArray());
    }

    private HttpRequest.Builder request(UUID point) {
        return HttpRequest.newBuilder(rest.uri("/api/v1/points/" + point + "/content"));
    }
}
