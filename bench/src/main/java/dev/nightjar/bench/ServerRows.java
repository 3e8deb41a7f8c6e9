package dev.nightjar.bench;

import dev.nightjar.testkit.DiskRef;
import dev.nightjar.testkit.QemuNbd;
import dev.nightjar.testkit.TestkitException;
import dev.nightjar.testkit.appliance.Appliance;
import dev.nightjar.testkit.appliance.ApplianceApi;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.function.Predicate;
import tools.jackson.databind.JsonNode;

/** What the appliance serves: a point that it took of an image, next to qemu-nbd with the image itself. */
final class ServerRows implements AutoCloseable {

    static final List<String> NAMES = List.of("first-byte", "serve-nbdcopy", "random-4k");

    private static final Duration BACKUP_LIMIT = Duration.ofMinutes(10);
    private static final int RANDOM_READS = 100_000;
    /** Room for the whole warm point: it is to be served from memory, as qemu-nbd serves its file from the page cache. */
    private static final String CACHE = "640MB";

    private static final long COLD_BYTES = 64 << 20;

    private final Comparison comparison;
    private final Screen screen;
    private final Path directory;
    private final Path serviceJar;
    private final QemuNbd qemu;
    private final long size;
    private final String pointId;
    private Appliance appliance;

    private ServerRows(Comparison comparison, Screen screen, Path directory, Path image, Path serviceJar)
            throws IOException {
        this.comparison = comparison;
        this.screen = screen;
        this.directory = directory;
        this.serviceJar = serviceJar;
        this.size = Files.size(image);
        this.qemu = QemuNbd.serving(DiskRef.raw(image)).clients(16).start(directory);
        try {
            this.appliance = start();
            this.pointId = backUp("warm", List.of(qemu)).getFirst();
        } catch (RuntimeException e) {
            qemu.close();
            throw e;
        }
    }

    static ServerRows start(Comparison comparison, Screen screen, Path directory, Path image, Path serviceJar) {
        try {
            return new ServerRows(comparison, screen, directory, image, serviceJar);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private Appliance start() {
        return Appliance.start(
                serviceJar,
                directory.resolve("data"),
                directory.resolve("service.log"),
                "--nightjar.nbd.cache=" + CACHE);
    }

    /** Takes the first point of a machine with these disks; returns the point of each, in any order. */
    private List<String> backUp(String name, List<QemuNbd> disks) {
        ApplianceApi api = appliance.api();
        List<Map<String, String>> exports = new ArrayList<>();
        disks.forEach(disk -> exports.add(Map.of("name", "disk" + exports.size(), "uri", disk.uri())));
        String machine = api.post("/machines", Map.of("name", name, "source", Map.of("type", "nbd", "disks", exports)))
                .expectSuccess()
                .required("id")
                .asString();
        String run = api.post("/machines/" + machine + "/backup")
                .expectSuccess()
                .required("id")
                .asString();
        JsonNode ended = api.awaitRun(run, BACKUP_LIMIT);
        if (!"COMPLETE".equals(ended.path("state").asString())) {
            throw new TestkitException("the backup ended " + ended);
        }
        JsonNode points = api.get("/points?machineId=" + machine).expectSuccess();
        List<String> ids = new ArrayList<>();
        (points.isArray() ? points : points.path("items"))
                .forEach(point -> ids.add(point.required("id").asString()));
        return ids;
    }

    void run(Predicate<String> wanted, Consumer<Row> sink) {
        if (wanted.test("first-byte")) {
            coldPoints(sink);
        }
        if (!wanted.test("serve-nbdcopy") && !wanted.test("random-4k")) {
            return;
        }
        JsonNode export = open(pointId);
        String ours = uri(export);
        if (wanted.test("serve-nbdcopy")) {
            sink.accept(comparison.of(
                    "serve-nbdcopy",
                    "MiB/s",
                    0.8,
                    () -> Nbdcopy.everything(ours, size),
                    () -> Nbdcopy.everything(qemu.uri(), size)));
        }
        if (wanted.test("random-4k")) {
            NbdReader point = new NbdReader(ours);
            NbdReader file = new NbdReader(qemu.uri());
            point.everything(1, 1 << 20, 16);
            sink.accept(comparison.of(
                    "random-4k",
                    "reads/s",
                    0.8,
                    () -> point.random(RANDOM_READS, 1),
                    () -> file.random(RANDOM_READS, 1)));
        }
        close(export);
    }

    /**
     * From asking the API for an export until its first bytes are here, each time of a point that nobody has read since it was taken by a
     * service that has been started since. Only that service's very first export, which starts its NBD server, does not count.
     */
    private void coldPoints(Consumer<Row> sink) {
        Deque<String> points = new ArrayDeque<>(takeColdPoints());
        appliance.close();
        appliance = start();
        double first = firstByte(points.pop());
        screen.text("  the first export after the start took %.0f ms".formatted(first));
        sink.accept(comparison.alone("first-byte", "ms", 100, () -> firstByte(points.pop())));
    }

    private List<String> takeColdPoints() {
        List<QemuNbd> disks = new ArrayList<>();
        try {
            for (int i = 0; i <= comparison.runs(); i++) {
                Path image = SampleImage.create(directory.resolve("cold-" + i + ".raw"), COLD_BYTES + 4096L * i);
                disks.add(QemuNbd.serving(DiskRef.raw(image)).start(directory));
            }
            return backUp("cold", disks);
        } finally {
            disks.forEach(QemuNbd::close);
        }
    }

    private double firstByte(String point) {
        long begun = System.nanoTime();
        JsonNode export = open(point);
        new NbdReader(uri(export)).firstBytes();
        double millis = (System.nanoTime() - begun) / 1e6;
        close(export);
        return millis;
    }

    private JsonNode open(String point) {
        return appliance.api().post("/exports", Map.of("pointId", point)).expectSuccess();
    }

    private void close(JsonNode export) {
        appliance.api().delete("/exports/" + export.required("id").asString()).expectSuccess();
    }

    private static String uri(JsonNode export) {
        for (JsonNode address : export.required("addresses")) {
            if ("UNIX".equals(address.path("transport").asString())) {
                return address.required("uri").asString();
            }
        }
        throw new TestkitException("the export has no unix socket: " + export);
    }

    @Override
    public void close() {
        appliance.close();
        qemu.close();
    }
}
