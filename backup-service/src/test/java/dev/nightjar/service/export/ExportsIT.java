package dev.nightjar.service.export;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.nightjar.service.repository.RepositoryProvider;
import dev.nightjar.service.testing.Answer;
import dev.nightjar.service.testing.Rest;
import dev.nightjar.service.testing.ServiceTest;
import dev.nightjar.storage.ingest.DiskDescription;
import dev.nightjar.storage.ingest.DiskIngest;
import dev.nightjar.storage.ingest.IngestSession;
import dev.nightjar.storage.ingest.PointFacts;
import dev.nightjar.storage.ingest.RunLease;
import dev.nightjar.storage.point.PointRecord;
import dev.nightjar.testkit.Command;
import dev.nightjar.testkit.DiskRef;
import dev.nightjar.testkit.QemuImg;
import dev.nightjar.testkit.QemuIo;
import dev.nightjar.testkit.TempDirectory;
import dev.nightjar.testkit.Tool;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.Map;
import java.util.Random;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.springframework.http.HttpStatus;
import tools.jackson.databind.JsonNode;

/** Exports over REST, with QEMU's tools as clients. */
@ServiceTest
@Timeout(120)
class ExportsIT {

    private static final int CHUNK = 65_536;
    private static final int SIZE = 40 * CHUNK + 1536;

    private final Rest rest;
    private final RepositoryProvider repository;
    private final UUID machine = UUID.randomUUID();
    private final TempDirectory directory = TempDirectory.create();
    private final byte[] content = new byte[SIZE];
    private PointRecord before;
    private PointRecord point;

    ExportsIT(Rest rest, RepositoryProvider repository) {
        this.rest = rest;
        this.repository = repository;
    }

    @BeforeEach
    void takeTwoPoints() {
        new Random(5).nextBytes(content);
        Arrays.fill(content, 10 * CHUNK, 30 * CHUNK, (byte) 0);
        before = take(null);
        Arrays.fill(content, 3 * CHUNK, 5 * CHUNK, (byte) 7);
        point = take(before);
    }

    @AfterEach
    void clean() {
        directory.close();
    }

    @Test
    void aPointIsServedReadOnlyByteForByte() throws IOException {
        JsonNode export = open("{\"pointId\": \"%s\"}".formatted(point.id()));
        assertThat(export.path("state").asString()).isEqualTo("OPEN");
        assertThat(export.path("writable").asBoolean()).isFalse();
        assertThat(export.path("name").asString()).startsWith("web-1-vda-");
        String uri = uri(export, "TCP");
        assertThat(uri).startsWith("nbd://127.0.0.1:");
        assertSame(content, uri);
        assertSame(content, uri(export, "UNIX"));
        assertThat(QemuImg.map(DiskRef.nbd(uri)))
                .anyMatch(extent -> extent.start() == 10 * CHUNK
                        && extent.length() == 20L * CHUNK
                        && extent.zero()
                        && !extent.data());
        JsonNode seen = get(export);
        assertThat(seen.at("/statistics/connections").asInt()).isGreaterThan(1);
        assertThat(seen.at("/statistics/readBytes").asLong()).isGreaterThanOrEqualTo(SIZE);
        assertThat(rest.text("/actuator/prometheus"))
                .contains("nightjar_export_clients{export=\"%s\""
                        .formatted(export.path("name").asString()));
        close(export, "").expect(HttpStatus.NO_CONTENT);
        rest.get(path(export)).expectProblem(HttpStatus.NOT_FOUND, "EXPORT_NOT_FOUND");
        assertThat(rest.text("/actuator/prometheus"))
                .doesNotContain(export.path("name").asString());
    }

    @Test
    void whatDiffersFromAnotherPointOfTheDiskIsADirtyBitmap() {
        JsonNode export = open("{\"pointId\": \"%s\"}".formatted(point.id()));
        String context = "qemu:dirty-bitmap:since-" + before.id();
        assertThat(export.path("contexts").valueStream().map(JsonNode::asString))
                .containsExactly(context);
        Path socket = Path.of(uri(export, "UNIX").replaceAll(".*socket=", ""));
        assertThat(QemuImg.dirtyExtents(socket, export.path("name").asString(), context))
                .singleElement()
                .satisfies(extent -> {
                    assertThat(extent.start()).isEqualTo(3L * CHUNK);
                    assertThat(extent.length()).isEqualTo(2L * CHUNK);
                });
        close(export, "").expect(HttpStatus.NO_CONTENT);
    }

    @Test
    void whatIsWrittenIsReadAgainAndThePointStaysAsItIs() throws IOException {
        JsonNode export = open("{\"pointId\": \"%s\", \"writable\": true}".formatted(point.id()));
        write(export);
        assertSame(written(), uri(export, "TCP"));
        JsonNode seen = get(export);
        assertThat(seen.at("/overlay/changed").asBoolean()).isTrue();
        assertThat(seen.at("/overlay/usedBytes").asLong()).isBetween(5000L, 200_000L);
        JsonNode other = open("{\"pointId\": \"%s\"}".formatted(point.id()));
        assertSame(content, uri(other, "TCP"));
        close(export, "").expectProblem(HttpStatus.CONFLICT, "EXPORT_HAS_CHANGES");
        close(export, "?discard=true").expect(HttpStatus.NO_CONTENT);
        close(other, "").expect(HttpStatus.NO_CONTENT);
    }

    @Test
    void whatWasWrittenBecomesAPointForWhichOnlyThatIsRead() throws IOException {
        JsonNode export = open("{\"pointId\": \"%s\", \"writable\": true}".formatted(point.id()));
        write(export);
        JsonNode run = rest.post(path(export) + "/keep", "").expect(HttpStatus.ACCEPTED);
        JsonNode ended = awaitEnd(run);
        assertThat(ended.path("state").asString()).as("%s", ended).isEqualTo("COMPLETE");
        assertThat(ended.path("kind").asString()).isEqualTo("KEEP");
        UUID kept = UUID.fromString(ended.at("/pointIds/0").asString());
        PointRecord record = repository.get().point(kept);
        assertThat(record.parentId()).isEqualTo(point.id());
        assertThat(record.isCaptured()).isFalse();
        assertThat(record.totals().readBytes()).isLessThanOrEqualTo(4L * CHUNK);
        await().untilAsserted(() -> rest.get(path(export)).expectProblem(HttpStatus.NOT_FOUND, "EXPORT_NOT_FOUND"));
        JsonNode again = open("{\"pointId\": \"%s\"}".formatted(kept));
        assertSame(written(), uri(again, "TCP"));
        close(again, "").expect(HttpStatus.NO_CONTENT);
    }

    @Test
    void whatWasWrittenToAPointThatIsGoneIsKeptWhole() throws IOException {
        JsonNode export = open("{\"pointId\": \"%s\", \"writable\": true}".formatted(point.id()));
        write(export);
        rest.delete("/api/v1/points/" + point.id()).expect(HttpStatus.NO_CONTENT);
        assertSame(written(), uri(export, "TCP"));
        JsonNode ended = awaitEnd(rest.post(path(export) + "/keep", "").expect(HttpStatus.ACCEPTED));
        assertThat(ended.path("state").asString()).as("%s", ended).isEqualTo("COMPLETE");
        JsonNode again =
                open("{\"pointId\": \"%s\"}".formatted(ended.at("/pointIds/0").asString()));
        assertSame(written(), uri(again, "TCP"));
        close(again, "").expect(HttpStatus.NO_CONTENT);
    }

    @Test
    void aFullOverlayIsNoSpaceLeftForTheGuest() throws IOException {
        JsonNode export =
                open("{\"pointId\": \"%s\", \"writable\": true, \"overlayLimitBytes\": 1048576}".formatted(point.id()));
        String said = Command.of(
                        Tool.QEMU_IO,
                        "-f",
                        "raw",
                        uri(export, "TCP"),
                        "-c",
                        "write -P 9 0 512k",
                        "-c",
                        "write -P 9 1M 1M")
                .runToEnd()
                .output();
        assertThat(said).contains("wrote 524288/524288 bytes").contains("No space left on device");
        byte[] wanted = content.clone();
        Arrays.fill(wanted, 0, 512 * 1024, (byte) 9);
        assertThat(Arrays.copyOf(read(uri(export, "TCP")), 1 << 20)).isEqualTo(Arrays.copyOf(wanted, 1 << 20));
        close(export, "?discard=true").expect(HttpStatus.NO_CONTENT);
    }

    @Test
    void whatCannotBeDoneIsSaidWithACode() {
        String unknown = "{\"pointId\": \"%s\"}".formatted(UUID.randomUUID());
        rest.post("/api/v1/exports", unknown).expectProblem(HttpStatus.NOT_FOUND, "POINT_NOT_FOUND");
        String named = "{\"pointId\": \"%s\", \"name\": \"taken\"}".formatted(point.id());
        JsonNode export = open(named);
        rest.post("/api/v1/exports", named).expectProblem(HttpStatus.CONFLICT, "EXPORT_NAME_TAKEN");
        rest.post("/api/v1/exports", "{\"pointId\": \"%s\", \"name\": \"a b\"}".formatted(point.id()))
                .expectProblem(HttpStatus.BAD_REQUEST, "INVALID_REQUEST");
        rest.post(path(export) + "/keep", "").expectProblem(HttpStatus.CONFLICT, "EXPORT_READ_ONLY");
        close(export, "").expect(HttpStatus.NO_CONTENT);
        JsonNode writable = open("{\"pointId\": \"%s\", \"writable\": true}".formatted(point.id()));
        rest.post(path(writable) + "/keep", "").expectProblem(HttpStatus.CONFLICT, "EXPORT_UNCHANGED");
        close(writable, "").expect(HttpStatus.NO_CONTENT);
        rest.delete("/api/v1/exports/" + UUID.randomUUID()).expectProblem(HttpStatus.NOT_FOUND, "EXPORT_NOT_FOUND");
    }

    @Test
    void theFirstByteComesSoonAfterOpening() {
        long begun = System.nanoTime();
        JsonNode export = open("{\"pointId\": \"%s\"}".formatted(point.id()));
        Duration opened = Duration.ofNanos(System.nanoTime() - begun);
        assertThat(opened).isLessThan(Duration.ofSeconds(1));
        close(export, "").expect(HttpStatus.NO_CONTENT);
    }

    private PointRecord take(PointRecord parent) {
        try (IngestSession session = repository.get().beginIngest(new RunLease(UUID.randomUUID(), 1))) {
            DiskIngest ingest = session.disk(
                    new DiskDescription(machine, "web-1", "vda", SIZE), parent == null ? null : parent.id());
            ingest.data(0, ByteBuffer.wrap(content));
            return session.commit(new PointFacts(UUID.randomUUID(), Instant.now(), "CRASH", Map.of()))
                    .points()
                    .getFirst();
        }
    }

    private static void write(JsonNode export) {
        QemuIo.run(
                DiskRef.nbd(uri(export, "TCP")),
                "write -P 1 1000 5000",
                "write -z 70000 200000",
                "discard 2097152 131072",
                "write -P 2 %d 1536".formatted(SIZE - 1536),
                "flush");
    }

    private byte[] written() {
        byte[] wanted = content.clone();
        Arrays.fill(wanted, 1000, 6000, (byte) 1);
        Arrays.fill(wanted, 70_000, 270_000, (byte) 0);
        Arrays.fill(wanted, 2_097_152, 2_097_152 + 131_072, (byte) 0);
        Arrays.fill(wanted, SIZE - 1536, SIZE, (byte) 2);
        return wanted;
    }

    private void assertSame(byte[] wanted, String uri) throws IOException {
        assertThat(read(uri)).isEqualTo(wanted);
    }

    private byte[] read(String uri) throws IOException {
        Path file = directory.resolve("read-" + UUID.randomUUID());
        QemuImg.convert(DiskRef.nbd(uri), DiskRef.raw(file));
        return Files.readAllBytes(file);
    }

    private JsonNode open(String request) {
        return rest.post("/api/v1/exports", request).expect(HttpStatus.CREATED);
    }

    private JsonNode get(JsonNode export) {
        return rest.get(path(export)).expect(HttpStatus.OK);
    }

    private Answer close(JsonNode export, String query) {
        return rest.delete(path(export) + query);
    }

    private JsonNode awaitEnd(JsonNode run) {
        return await().atMost(Duration.ofSeconds(60))
                .until(
                        () -> rest.get("/api/v1/runs/" + run.path("id").asString())
                                .expect(HttpStatus.OK),
                        seen -> seen.path("phase").asString().equals("DONE"));
    }

    private static String path(JsonNode export) {
        return "/api/v1/exports/" + export.path("id").asString();
    }

    private static String uri(JsonNode export, String transport) {
        return export.path("addresses")
                .valueStream()
                .filter(address -> address.path("transport").asString().equals(transport))
                .findFirst()
                .orElseThrow()
                .path("uri")
                .asString();
    }
}
