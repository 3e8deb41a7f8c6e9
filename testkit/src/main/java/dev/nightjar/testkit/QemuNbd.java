package dev.nightjar.testkit;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/**
 * A {@code qemu-nbd} that serves one disk until it is closed: the peer with extended headers. Build it, then start it:
 * {@snippet :
 * try (QemuNbd server = QemuNbd.serving(DiskRef.qcow2(file)).bitmap("b0").start(directory)) {
 *     connect(server.uri());
 * }
 * }
 */
public final class QemuNbd implements AutoCloseable {

    private static final Duration START_LIMIT = Duration.ofSeconds(20);

    private final RunningProcess process;
    private final Endpoint endpoint;
    private final String export;

    private QemuNbd(RunningProcess process, Endpoint endpoint, String export) {
        this.process = process;
        this.endpoint = endpoint;
        this.export = export;
    }

    /** Read-only, persistent, up to 8 clients, a unix socket and the empty export name, unless told otherwise. */
    public static Builder serving(DiskRef disk) {
        return new Builder(List.of("-f", disk.format(), disk.location()));
    }

    /** For anything {@code --image-opts} can say, such as blkdebug. */
    public static Builder servingImageOptions(String imageOptions) {
        return new Builder(List.of("--image-opts", imageOptions));
    }

    public String uri() {
        return endpoint.uri(export);
    }

    /** The URI of another export name at this server, for example one that does not exist. */
    public String uri(String otherExport) {
        return endpoint.uri(otherExport);
    }

    public Endpoint endpoint() {
        return endpoint;
    }

    public RunningProcess process() {
        return process;
    }

    @Override
    public void close() {
        process.close();
    }

    /** Options of a server to be. Not thread-safe. */
    public static final class Builder {

        private final List<String> disk;
        private final List<String> options = new ArrayList<>();
        private boolean writable;
        private boolean tcp;
        private int clients = 8;
        private String export = "";

        private Builder(List<String> disk) {
            this.disk = disk;
        }

        public Builder writable() {
            writable = true;
            return this;
        }

        /** Listens on a free port of the loopback interface. */
        public Builder tcp() {
            tcp = true;
            return this;
        }

        public Builder export(String name) {
            export = name;
            return this;
        }

        /** Offers {@code qemu:dirty-bitmap:NAME}; may be called several times. */
        public Builder bitmap(String name) {
            return option("-B", name);
        }

        /** Offers {@code qemu:allocation-depth}. */
        public Builder allocationDepth() {
            return option("-A");
        }

        public Builder clients(int count) {
            clients = count;
            return this;
        }

        /** Anything else that qemu-nbd understands. */
        public Builder option(String... more) {
            options.addAll(List.of(more));
            return this;
        }

        /** Starts it and waits until it listens; socket, pid file and log lie in the directory. */
        public QemuNbd start(Path directory) {
            String id = "qemu-nbd-" + Long.toHexString(System.nanoTime());
            Endpoint endpoint = tcp ? Endpoint.freeTcp() : new Endpoint.Unix(directory.resolve(id + ".sock"));
            Path pidFile = directory.resolve(id + ".pid");
            List<String> program =
                    new ArrayList<>(List.of(Tool.QEMU_NBD.require().toString(), "-t", "-e", "" + clients));
            program.addAll(
                    switch (endpoint) {
                        case Endpoint.Unix unix -> List.of("-k", unix.socket().toString());
                        case Endpoint.Tcp at -> List.of("-b", at.host(), "-p", "" + at.port());
                    });
            program.addAll(List.of("-x", export, "--pid-file", pidFile.toString()));
            program.addAll(writable ? List.of("--discard=unmap") : List.of("-r"));
            program.addAll(options);
            program.addAll(disk);
            RunningProcess process = RunningProcess.start("qemu-nbd", program, directory.resolve(id + ".log"));
            process.awaitReady(START_LIMIT, () -> Files.exists(pidFile));
            return new QemuNbd(process, endpoint, export);
        }
    }
}
