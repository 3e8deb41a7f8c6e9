package dev.nightjar.system;

import static dev.nightjar.system.Site.MIB;

import dev.nightjar.testkit.DiskRef;
import dev.nightjar.testkit.GuestWrite;
import dev.nightjar.testkit.GuestWriter;
import dev.nightjar.testkit.QemuImg;
import dev.nightjar.testkit.StorageDaemon;
import dev.nightjar.testkit.StorageDaemon.LiveDisk;
import dev.nightjar.testkit.TempDirectory;
import dev.nightjar.testkit.WitnessDisk;
import dev.nightjar.testkit.appliance.Appliance;
import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.ZoneOffset;
import java.time.ZonedDateTime;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import tools.jackson.databind.JsonNode;

/** The appliance as two processes, a and b, on one PostgreSQL and one repository, with live machines that both reach. */
final class TwoNodes implements AutoCloseable {

    private static final String DEAD_AFTER = "5s";

    private final TempDirectory directory = TempDirectory.create();
    private final Deque<Runnable> open = new ArrayDeque<>();
    private Appliance a;
    private Appliance b;
    private int restored;

    private TwoNodes() {}

    /** Starts both. */
    static TwoNodes start() {
        TwoNodes nodes = new TwoNodes();
        try {
            EmbeddedPostgres database = nodes.startDatabase();
            CompletableFuture<Appliance> a = CompletableFuture.supplyAsync(() -> nodes.startNode("a", database));
            CompletableFuture<Appliance> b = CompletableFuture.supplyAsync(() -> nodes.startNode("b", database));
            // Both have to be known to be closed, also when only one of them fails.
            CompletableFuture.allOf(a, b).join();
            nodes.a = a.join();
            nodes.b = b.join();
            return nodes;
        } catch (RuntimeException e) {
            nodes.close();
            throw e;
        }
    }

    Operator a() {
        return new Operator(a.api());
    }

    Operator b() {
        return new Operator(b.api());
    }

    Path path(String name) {
        return directory.resolve(name);
    }

    Path scratch(String machine) {
        return directory.directory(machine).resolve("scratch");
    }

    void pauseA() {
        a.process().pause();
    }

    void resumeA() {
        a.process().resume();
    }

    void killA() {
        a.kill();
    }

    /** What a has logged. */
    String logOfA() {
        try {
            return Files.readString(path("a.log"));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The schedule of a slot that comes that soon, and not again within the year. */
    String inSeconds(int seconds) {
        ZonedDateTime slot = ZonedDateTime.now(ZoneOffset.UTC).plusSeconds(seconds);
        return "%d %d %d %d %d *"
                .formatted(
                        slot.getSecond(), slot.getMinute(), slot.getHour(), slot.getDayOfMonth(), slot.getMonthValue());
    }

    /** Backs a machine up by a schedule. */
    void schedule(String name, String schedule, String machine) {
        b().api()
                .post(
                        "/policies",
                        Map.of(
                                "name",
                                name,
                                "schedule",
                                schedule,
                                "timeZone",
                                "UTC",
                                "keepLast",
                                100,
                                "machineIds",
                                List.of(machine),
                                "enabled",
                                true))
                .expectSuccess();
    }

    /** The runs of a machine that a schedule began and that ended so, as b lists them. */
    List<JsonNode> scheduled(String machine, String state) {
        return b().api()
                .get("/runs?machineId=" + machine + "&state=" + state)
                .expectSuccess()
                .required("items")
                .valueStream()
                .filter(run -> run.path("trigger").asString().equals("SCHEDULE"))
                .toList();
    }

    /** Protects a machine that nobody answers for: its runs fail, and fast. */
    String protectUnreachable(String name) {
        Map<String, String> disk = Map.of("name", "vda", "uri", "nbd+unix:///vda?socket=" + path("nowhere"));
        return a().protect(name, Map.of("type", "nbd", "disks", List.of(disk)));
    }

    /** Starts a machine whose disk begins with bytes that only the seed decides, and protects it. */
    Protected protect(String name, long seed, long randomBytes) {
        Path place = directory.directory(name);
        Path file = place.resolve("vda.qcow2");
        QemuImg.create(DiskRef.qcow2(file), Site.DISK_BYTES);
        List<GuestWrite> content = new ArrayList<>();
        for (long at = 0; at < randomBytes; at += 16 * MIB) {
            content.add(new GuestWrite.Overwrite(at, 16 * MIB, at + seed));
        }
        new GuestWriter(DiskRef.qcow2(file)).apply(content);
        StorageDaemon machine = StorageDaemon.start(place);
        open.push(machine::close);
        LiveDisk disk = machine.addSlowDisk("vda", file, 0);
        String id = a().protect(
                        name,
                        Map.of(
                                "type", "qmp",
                                "socket", machine.qmpSocket().toString(),
                                "nbdServer", machine.nbdServer(),
                                "scratchDirectory",
                                        directory.directory(name + "/scratch").toString(),
                                "disks", List.of(disk.node())));
        return new Protected(id, machine, disk);
    }

    /** Whether a point, restored by b, is what the witness saw. */
    boolean restoreAtB(WitnessDisk witness, String point) {
        Path target = b.data().resolve("restores/" + restored++ + ".raw");
        return witness.compare(b().restore(point, target)).identical();
    }

    @Override
    public void close() {
        while (!open.isEmpty()) {
            open.pop().run();
        }
        directory.close();
    }

    private Appliance startNode(String name, EmbeddedPostgres database) {
        Appliance node = Appliance.start(
                Project.serviceJar(),
                directory.directory(name),
                path(name + ".log"),
                "--nightjar.node.name=" + name,
                "--nightjar.node.dead-after=" + DEAD_AFTER,
                "--nightjar.database.url=" + database.getJdbcUrl("postgres", "postgres"),
                "--nightjar.database.user=postgres",
                "--nightjar.repository.directory=" + path("repository"),
                "--nightjar.nbd.port=0");
        synchronized (open) {
            open.push(node::close);
        }
        return node;
    }

    private EmbeddedPostgres startDatabase() {
        try {
            EmbeddedPostgres database =
                    EmbeddedPostgres.builder().setServerConfig("fsync", "off").start();
            open.push(() -> close(database));
            return database;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static void close(EmbeddedPostgres database) {
        try {
            database.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
