package dev.nightjar.demo;

import dev.nightjar.testkit.DiskRef;
import dev.nightjar.testkit.Endpoint;
import dev.nightjar.testkit.Ext4Image;
import dev.nightjar.testkit.QemuImg;
import dev.nightjar.testkit.StorageDaemon;
import dev.nightjar.testkit.WitnessDisk;
import dev.nightjar.testkit.appliance.Appliance;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.Executor;
import java.util.function.Consumer;
import tools.jackson.databind.JsonNode;

/** The demo's course: set up, full backup while the guest works, more work, increment, both restored and compared. */
final class Demo {

    private static final int DEFAULT_PORT = 8740;
    private static final String DISK = "vda";
    private static final Executor BESIDE = Thread::startVirtualThread;

    private final Screen screen;
    private final Workspace workspace;
    private final Path serviceJar;
    private final long size;
    private final int port;
    private final Checks checks = new Checks();
    private final List<Report.Backup> backups = new ArrayList<>();

    Demo(Screen screen, Workspace workspace, Path serviceJar, long size, int port) {
        this.screen = screen;
        this.workspace = workspace;
        this.serviceJar = serviceJar;
        this.size = size;
        this.port = port;
    }

    /** Runs it; the appliance and the machine stay up until the workspace is closed. */
    Report run() {
        Instant began = Instant.now();
        screen.title("Nightjar demo", "A live QEMU disk: backed up, changed, backed up again, restored and compared.");
        CompletableFuture<Appliance> starting = CompletableFuture.supplyAsync(this::startAppliance, BESIDE);
        StorageDaemon machine = startMachine();
        StorageDaemon.LiveDisk disk = addDisk(machine);
        Appliance appliance = waitFor(starting);
        Operator operator = new Operator(appliance.api());
        screen.done(
                "appliance",
                between(began),
                "with its own PostgreSQL, at " + appliance.api().base());

        Map<String, Object> source = Operator.source(machine, List.of(DISK));
        String name = operator.freeName("demo");
        String machineId = operator.protect(name, source);
        operator.everyNight("Nightly " + name, machineId);
        screen.done("protected", null, "machine “" + name + "”, every night at 02:00, the last 14 points kept");

        course(operator, machine, disk, machineId);
        checks.negotiated(operator.probeExport(DISK, disk.guest().location()));
        checks.increment(backups.getLast());
        screen.text("");
        ReportTable.lines(backups).forEach(screen::text);
        screen.text("");
        checks.all().forEach(check -> screen.check(check.good(), check.name(), check.detail()));
        boolean passed = checks.all().stream().allMatch(Report.Check::good);
        screen.text("\n  " + (passed ? screen.bold("Everything holds.") : screen.bold("Something does not hold.")));
        return new Report(
                passed,
                appliance.api().base().toString(),
                between(began).toMillis() / 1000.0,
                size,
                List.copyOf(backups),
                checks.all());
    }

    private void course(Operator operator, StorageDaemon machine, StorageDaemon.LiveDisk disk, String machineId) {
        Path witnesses = workspace.directory("witness");
        WitnessDisk before = disk.witness(witnesses.resolve("full.raw"));
        GuestDay day = GuestDay.plan(before.file(), witnesses);

        GuestAtWork guest = new GuestAtWork(disk, day.duringFull());
        Instant fullBegan = Instant.now();
        JsonNode full = operator.backUp(machineId, run -> {
            progress("full backup").accept(run);
            guest.beginOnceReading(run);
        });
        showBackup("full backup", fullBegan, full);
        guest.finish();
        disk.writer().apply(day.afterwards());
        screen.done("guest at work", null, day.describe());

        WitnessDisk after = disk.witness(witnesses.resolve("increment.raw"));
        long dirty = QemuDirty.bytes(machine, DISK);
        Instant incrementBegan = Instant.now();
        JsonNode increment = operator.backUp(machineId, progress("increment"));
        showBackup("increment", incrementBegan, increment);

        restoreAndCompare(operator, "full", full, 0, before);
        restoreAndCompare(operator, "increment", increment, dirty, after);
    }

    private void restoreAndCompare(Operator operator, String name, JsonNode run, long qemuDirty, WitnessDisk witness) {
        String pointId = run.required("pointIds").required(0).asString();
        Path target = workspace.directory("appliance/restores").resolve("demo-" + name + "-" + pointId + ".raw");
        Instant began = Instant.now();
        operator.restore(pointId, target, progress("restore of the " + name));
        Duration took = between(began);
        screen.done("restored the " + name, took, "as a raw disk, " + target.getFileName());
        backups.add(RunNumbers.read(name, run, qemuDirty, took));

        screen.busy("comparing", "qemu-img compare with the witness");
        QemuImg.Comparison comparison = witness.compare(DiskRef.raw(target));
        checks.restored(name, comparison, Ext4Image.isClean(target));
    }

    private StorageDaemon startMachine() {
        return workspace.using(StorageDaemon.start(workspace.sockets()));
    }

    private StorageDaemon.LiveDisk addDisk(StorageDaemon machine) {
        screen.busy("disk", "copying files of this machine into an ext4 file system");
        Instant began = Instant.now();
        DemoDisk made = DemoDisk.create(workspace.directory("machine").resolve("disk.qcow2"), size);
        StorageDaemon.LiveDisk disk = machine.addDisk(DISK, made.file());
        screen.done(
                "live machine",
                between(began),
                "%s qcow2 disk, ext4 with %s of files, served by qemu-storage-daemon"
                        .formatted(Bytes.show(size), Bytes.show(made.contentBytes())));
        screen.busy("appliance", "starting");
        return disk;
    }

    private Appliance startAppliance() {
        Path data = workspace.directory("appliance");
        Path log = workspace.directory("logs").resolve("appliance.log");
        return workspace.using(Appliance.start(serviceJar, data, log, choosePort()));
    }

    private int choosePort() {
        if (port != 0) {
            return port;
        }
        try (ServerSocket socket = new ServerSocket(DEFAULT_PORT, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        } catch (IOException e) {
            return Endpoint.freeTcp().port();
        }
    }

    private Consumer<JsonNode> progress(String label) {
        return run -> {
            double total = run.path("bytesTotal").asDouble(0);
            double fraction = total > 0 ? run.path("bytesDone").asDouble(0) / total : 0;
            String rate = Bytes.show(run.path("bytesPerSecond").asLong(0)) + "/s";
            screen.progress(label, fraction, rate + "  " + run.path("phase").asString(""));
        };
    }

    private void showBackup(String label, Instant began, JsonNode run) {
        JsonNode disk = run.required("disks").required(0);
        screen.done(
                label,
                between(began),
                "%s: %s read, %s stored"
                        .formatted(
                                disk.path("mode").asString(),
                                Bytes.show(disk.path("readBytes").asLong()),
                                Bytes.show(disk.path("storedBytes").asLong())));
    }

    private static Appliance waitFor(CompletableFuture<Appliance> starting) {
        try {
            return starting.join();
        } catch (CompletionException e) {
            throw e.getCause() instanceof RuntimeException cause ? cause : e;
        }
    }

    private static Duration between(Instant began) {
        return Duration.between(began, Instant.now());
    }
}
