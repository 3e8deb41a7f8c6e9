package dev.nightjar.bench;

import dev.nightjar.testkit.DiskRef;
import dev.nightjar.testkit.QemuNbd;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.function.Consumer;

/** Reading a whole image from qemu-nbd to nowhere: our client in this JVM, nbdcopy as a process. */
final class ClientRows {

    private static final int CONNECTIONS = 4;
    private static final int REQUEST_BYTES = 1 << 20;
    /** What is under way fits the processor's cache: with 32 MiB instead, a third of the rate is lost to memory. */
    private static final int REQUESTS = 8;

    private final Comparison comparison;
    private final Path directory;
    private final Path image;
    private final long size;

    ClientRows(Comparison comparison, Path directory, Path image, long size) {
        this.comparison = comparison;
        this.directory = directory;
        this.image = image;
        this.size = size;
    }

    enum Transport {
        UNIX(1.0),
        TCP(1.0),
        TLS(0.9);

        private final double goal;

        Transport(double goal) {
            this.goal = goal;
        }

        String rowName() {
            return "read-" + name().toLowerCase(Locale.ROOT);
        }
    }

    static List<Transport> all() {
        return List.of(Transport.values());
    }

    void run(Transport transport, Consumer<Row> sink) {
        QemuNbd.Builder builder = QemuNbd.serving(DiskRef.raw(image)).clients(16);
        String suffix = "";
        switch (transport) {
            case UNIX -> {}
            case TCP -> builder.tcp();
            case TLS -> {
                Path certificates = Certificates.create(directory.resolve("certificates"));
                builder.tcp()
                        .option(
                                "--object",
                                "tls-creds-x509,id=tls,endpoint=server,verify-peer=on,dir=" + certificates,
                                "--tls-creds",
                                "tls");
                suffix = "?tls-certificates=" + certificates;
            }
        }
        try (QemuNbd server = builder.start(directory)) {
            String plain = server.uri().replace("127.0.0.1", "localhost");
            String uri = transport == Transport.TLS ? plain.replaceFirst("^nbd", "nbds") + suffix : plain;
            NbdReader reader = new NbdReader(uri);
            sink.accept(comparison.of(
                    transport.rowName(),
                    "MiB/s",
                    transport.goal,
                    () -> reader.everything(CONNECTIONS, REQUEST_BYTES, REQUESTS),
                    () -> Nbdcopy.everything(uri, size)));
        }
    }
}
