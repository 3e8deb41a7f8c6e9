package dev.nightjar.bench;

import dev.nightjar.testkit.DiskRef;
import dev.nightjar.testkit.QemuNbd;
import dev.nightjar.testkit.TestkitException;
import dev.nightjar.testkit.appliance.Appliance;
import dev.nightjar.testkit.appliance.ApplianceApi;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
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

    private final Comparison comparison;
    private final Path directory;
    private final Path serviceJar;
    private final QemuNbd qemu;
    private final long size;
    private Appliance appliance;
    private final String pointId;

    private ServerRows(Comparison comparison, Path directory, Path image, Path serviceJar) throws java.io.IOException {
        this.comparison = comparison;
        this.directory = directory;
        this.serviceJar = serviceJar;
        this.size = Files.size(image);
        this.qemu = QemuNbd.serving(DiskRef.raw(image)).clients(16).start(directory);
        try {
            this.appliance = start();
            this.pointId = backUp();
        } catch (RuntimeException e) {
            qemu.close();
            throw e;
        }
    }

    static ServerRows start(Comparison comparison, Path directory, Path image, Path serviceJar) {
        try {
            return new ServerRows(comparison, directory, image, serviceJar);
        } catch (java.io.IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }

    private Appliance start() {
        return Appliance.start(serviceJar, directory.resolve("data"), directory.resolve("service.log"));
    }

    private String backUp() {
        ApplianceApi api = appliance.api();
        Map<String, Object> source = Map.of("type", "nbd", "disks", List.of(Map.of("name", "vda", "uri", qemu.uri())));
        String machine = api.post("/machines", Map.of("name", "bench", "source", source))
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
        return (points.isArray() ? points : points.path("items"))
                .required(0)
                .required("id")
                .asString();
    }

    void run(Predicate<String> wanted, Consumer<Row> sink) {
        if (wanted.test("first-byte")) {
            sink.accept(comparison.alone("first-byte", "ms", 100, this::firstByte));
        }
        if (!wanted.test("serve-nbdcopy") && !wanted.test("random-4k")) {
            return;
        }
        JsonNode export = open();
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

    /** From asking the API for an export until the first bytes are here; nobody has read the point since the service started. */
    private double firstByte() {
        appliance.close();
        appliance = start();
        // The first call of the service's life would measure class loading of its web server.
        appliance.api().get("/points/" + pointId).expectSuccess();
        long begun = System.nanoTime();
        JsonNode export = open();
        new NbdReader(uri(export)).firstBytes();
        double millis = (System.nanoTime() - begun) / 1e6;
        close(export);
        return millis;
    }

    private JsonNode open() {
        return appliance.api().post("/exports", Map.of("pointId", pointId)).expectSuccess();
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
