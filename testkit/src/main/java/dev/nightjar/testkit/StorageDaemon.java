package dev.nightjar.testkit;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import tools.jackson.databind.JsonNode;

/**
 * A {@code qemu-storage-daemon} as a live machine under QMP: qcow2 disks, an NBD server, and a writable export of each disk that
 * stands for the guest. Two monitors: one for the system under test, one for the testkit. Close ends it cleanly, so that
 * persistent bitmaps are written; {@link #kill()} is the crash.
 */
public final class StorageDaemon implements AutoCloseable {

    private static final Duration START_LIMIT = Duration.ofSeconds(20);
    private static final Duration END_LIMIT = Duration.ofSeconds(20);

    private final RunningProcess process;
    private final Path qmpSocket;
    private final Endpoint.Unix nbd;
    private final QmpClient monitor;

    private StorageDaemon(RunningProcess process, Path qmpSocket, Endpoint.Unix nbd, QmpClient monitor) {
        this.process = process;
        this.qmpSocket = qmpSocket;
        this.nbd = nbd;
        this.monitor = monitor;
    }

    /** Starts one without disks, its NBD server running; sockets and log lie in the directory. */
    public static StorageDaemon start(Path directory) {
        Path qmp = directory.resolve("qmp.sock");
        Path own = directory.resolve("qmp-testkit.sock");
        Path nbd = directory.resolve("guest-nbd.sock");
        Path pidFile = directory.resolve("qsd.pid");
        try {
            for (Path stale : List.of(qmp, own, nbd, pidFile)) {
                Files.deleteIfExists(stale);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        List<String> program =
                new ArrayList<>(List.of(Tool.QEMU_STORAGE_DAEMON.require().toString()));
        program.addAll(List.of("--chardev", "socket,id=qmp,path=" + qmp + ",server=on,wait=off"));
        program.addAll(List.of("--monitor", "chardev=qmp"));
        program.addAll(List.of("--chardev", "socket,id=own,path=" + own + ",server=on,wait=off"));
        program.addAll(List.of("--monitor", "chardev=own"));
        program.addAll(List.of("--pidfile", pidFile.toString()));
        RunningProcess process =
                RunningProcess.start("qemu-storage-daemon", program, directory.resolve("qemu-storage-daemon.log"));
        process.awaitReady(START_LIMIT, () -> Files.exists(pidFile));
        QmpClient monitor = QmpClient.connect(own);
        monitor.executeJson("nbd-server-start", """
                {"addr": {"type": "unix", "data": {"path": "%s"}}, "max-connections": 0}""".formatted(nbd));
        return new StorageDaemon(process, qmp, new Endpoint.Unix(nbd), monitor);
    }

    /** Opens a qcow2 file as node {@code name} (its file node is {@code name-file}) and exports it writable as {@code guest-name}. */
    public LiveDisk addDisk(String name, Path qcow2) {
        monitor.executeJson("blockdev-add", """
                {"driver": "qcow2", "node-name": "%1$s", "discard": "unmap",
                 "file": {"driver": "file", "node-name": "%1$s-file", "filename": "%2$s", "discard": "unmap"}}""".formatted(name, qcow2));
        return export(name, qcow2);
    }

    /**
     * As {@link #addDisk}, from a file that is read no faster than told: a disk that takes its time, without being large. The guest is slowed too.
     *
     * @param readBytesPerSecond see {@link #readSpeed}
     */
    public LiveDisk addSlowDisk(String name, Path qcow2, long readBytesPerSecond) {
        monitor.execute(
                "object-add",
                Map.of(
                        "qom-type",
                        "throttle-group",
                        "id",
                        name + "-speed",
                        "limits",
                        Map.of("bps-read", readBytesPerSecond)));
        monitor.executeJson("blockdev-add", """
                {"driver": "qcow2", "node-name": "%1$s", "discard": "unmap",
                 "file": {"driver": "throttle", "node-name": "%1$s-throttle", "throttle-group": "%1$s-speed",
                          "file": {"driver": "file", "node-name": "%1$s-file", "filename": "%2$s",
                                   "discard": "unmap"}}}""".formatted(name, qcow2));
        return export(name, qcow2);
    }

    /** Changes how fast a slow disk is read; 0 is as fast as it goes. */
    public void readSpeed(LiveDisk disk, long bytesPerSecond) {
        monitor.execute(
                "qom-set",
                Map.of(
                        "path",
                        "/objects/" + disk.node() + "-speed",
                        "property",
                        "limits",
                        "value",
                        Map.of("bps-read", bytesPerSecond)));
    }

    private LiveDisk export(String name, Path qcow2) {
        String export = "guest-" + name;
        monitor.executeJson("block-export-add", """
                {"type": "nbd", "id": "%1$s", "node-name": "%2$s", "name": "%1$s", "writable": true}""".formatted(export, name));
        return new LiveDisk(name, qcow2, DiskRef.nbd(nbd.uri(export)));
    }

    /** The QMP socket for the system under test; QEMU serves one client at a time there. */
    public Path qmpSocket() {
        return qmpSocket;
    }

    /** The URI of the NBD server this machine already runs, with an empty export name. */
    public String nbdServer() {
        return nbd.uri("");
    }

    public Endpoint.Unix nbdEndpoint() {
        return nbd;
    }

    /** The testkit's own monitor. */
    public QmpClient monitor() {
        return monitor;
    }

    public RunningProcess process() {
        return process;
    }

    /** Names of all block nodes. */
    public List<String> nodes() {
        return names(monitor.execute("query-named-block-nodes"), "node-name");
    }

    public List<String> exports() {
        return names(monitor.execute("query-block-exports"), "id");
    }

    public List<String> jobs() {
        return names(monitor.execute("query-jobs"), "id");
    }

    /** The dirty bitmaps of a node as QEMU describes them. */
    public List<JsonNode> bitmaps(String node) {
        List<JsonNode> bitmaps = new ArrayList<>();
        for (JsonNode block : monitor.execute("query-named-block-nodes")) {
            if (node.equals(block.path("node-name").asString())) {
                block.path("dirty-bitmaps").forEach(bitmaps::add);
            }
        }
        return bitmaps;
    }

    /** Names of the dirty bitmaps of a node. */
    public List<String> bitmapNames(String node) {
        return bitmaps(node).stream()
                .map(bitmap -> bitmap.path("name").asString())
                .toList();
    }

    /** Adds a dirty bitmap, as a hypervisor's own checkpoint would be. */
    public void addBitmap(String node, String name, boolean persistent) {
        monitor.execute("block-dirty-bitmap-add", Map.of("node", node, "name", name, "persistent", persistent));
    }

    /** SIGKILL: bitmaps of this session are lost, older ones become inconsistent. */
    public void kill() {
        monitor.close();
        process.kill();
    }

    @Override
    public void close() {
        if (process.isAlive()) {
            process.terminate();
            if (!process.awaitEnd(END_LIMIT)) {
                process.kill();
            }
        }
        monitor.close();
        process.close();
    }

    private static List<String> names(JsonNode list, String member) {
        List<String> names = new ArrayList<>();
        list.forEach(item -> names.add(item.path(member).asString()));
        return names;
    }

    /**
     * A disk of the machine.
     *
     * @param node its node name
     * @param file its qcow2 file, open in the daemon
     * @param guest the writable export that stands for the guest
     */
    public record LiveDisk(String node, Path file, DiskRef guest) {

        public GuestWriter writer() {
            return new GuestWriter(guest);
        }

        /** Copies what the disk holds now, as the guest sees it. */
        public WitnessDisk witness(Path target) {
            return WitnessDisk.of(guest, target);
        }
    }
}
