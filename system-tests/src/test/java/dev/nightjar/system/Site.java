package dev.nightjar.system;

import dev.nightjar.testkit.DiskRef;
import dev.nightjar.testkit.GuestWrite;
import dev.nightjar.testkit.GuestWriter;
import dev.nightjar.testkit.QemuImg;
import dev.nightjar.testkit.StorageDaemon;
import dev.nightjar.testkit.StorageDaemon.LiveDisk;
import dev.nightjar.testkit.TempDirectory;
import dev.nightjar.testkit.appliance.Appliance;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Map;

/** One test's own world: a directory, a live machine with a disk, and an appliance that can be killed and started again. */
final class Site implements AutoCloseable {

    static final long MIB = 1 << 20;
    static final long DISK_BYTES = 256 * MIB;

    private final TempDirectory directory = TempDirectory.create();
    private final Deque<Runnable> open = new ArrayDeque<>();
    private StorageDaemon machine;
    private Appliance appliance;

    Path path(String name) {
        return directory.resolve(name);
    }

    Path directory(String name) {
        return directory.directory(name);
    }

    /** Starts the appliance, or starts it again on what the last one left. */
    Appliance startAppliance(String... arguments) {
        appliance =
                Appliance.start(Project.serviceJar(), directory.directory("data"), path("appliance.log"), arguments);
        open.push(appliance::close);
        return appliance;
    }

    /** Starts it as a newcomer does, with no repository chosen yet. */
    Appliance startFreshAppliance() {
        appliance = Appliance.startFresh(Project.serviceJar(), directory.directory("data"), path("appliance.log"));
        open.push(appliance::close);
        return appliance;
    }

    Appliance appliance() {
        return appliance;
    }

    Operator operator() {
        return new Operator(appliance.api());
    }

    StorageDaemon startMachine() {
        machine = StorageDaemon.start(directory.path());
        open.push(machine::close);
        return machine;
    }

    StorageDaemon machine() {
        return machine;
    }

    /** A qcow2 file with so many bytes that nothing can compress or deduplicate, and as many that compress. */
    Path makeDisk(String name, long randomBytes) {
        Path file = path(name + ".qcow2");
        QemuImg.create(DiskRef.qcow2(file), DISK_BYTES);
        List<GuestWrite> content = new ArrayList<>();
        for (long at = 0; at < randomBytes; at += 16 * MIB) {
            content.add(new GuestWrite.Overwrite(at, Math.min(16 * MIB, randomBytes - at), at + name.hashCode()));
        }
        content.add(new GuestWrite.Fill(randomBytes + 8 * MIB, 4 * MIB, 0x42));
        new GuestWriter(DiskRef.qcow2(file)).apply(content);
        return file;
    }

    /** The source of the machine's disks, for the API. */
    Map<String, Object> source(LiveDisk... disks) {
        return Map.of(
                "type", "qmp",
                "socket", machine.qmpSocket().toString(),
                "nbdServer", machine.nbdServer(),
                "scratchDirectory", directory.directory("scratch").toString(),
                "disks", List.of(disks).stream().map(LiveDisk::node).toList());
    }

    @Override
    public void close() {
        while (!open.isEmpty()) {
            open.pop().run();
        }
        directory.close();
    }
}
