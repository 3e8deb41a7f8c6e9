package dev.nightjar.nbd.client;

import static dev.nightjar.nbd.client.NbdOptions.BASE_ALLOCATION;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.nightjar.nbd.client.extent.Extent;
import dev.nightjar.nbd.client.transport.NoLeaks;
import dev.nightjar.nbd.protocol.ReplyMode;
import dev.nightjar.nbd.protocol.TransmissionFlags;
import dev.nightjar.testkit.Certificates;
import dev.nightjar.testkit.Nbdkit;
import dev.nightjar.testkit.QemuNbd;
import dev.nightjar.testkit.RunningProcess;
import dev.nightjar.testkit.TempDirectory;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Several connections to qemu-nbd and nbdkit, in every reply mode, in plain and under TLS. */
@ExtendWith(NoLeaks.class)
class InteropIT {

    private static final String LATE = "qemu:dirty-bitmap:" + SampleDisk.LATE;
    private static final Certificates CERTIFICATES = new Certificates();
    private static TempDirectory directory;
    private static SampleDisk sample;
    private static Path pki;

    /** A server of the sample disk, and what is expected of it. */
    record Server(String name, ReplyMode mode, boolean tls, Supplier<Running> start) {
        @Override
        public String toString() {
            return name;
        }
    }

    /** It runs until it is closed. */
    record Running(RunningProcess process, String uri) implements AutoCloseable {
        @Override
        public void close() {
            process.close();
        }
    }

    @BeforeAll
    static void createDisk() {
        directory = TempDirectory.create();
        sample = SampleDisk.create(directory.path());
        pki = directory.resolve("pki");
        CERTIFICATES.writeServer(pki, Certificates.server("localhost"));
        CERTIFICATES.writeClient(pki);
    }

    @AfterAll
    static void deleteDisk() {
        directory.close();
    }

    static Stream<Server> servers() {
        return Stream.of(
                qemu("qemu-nbd on a socket", ReplyMode.EXTENDED, false, false),
                qemu("qemu-nbd on a port", ReplyMode.EXTENDED, true, false),
                qemu("qemu-nbd on a socket, under TLS", ReplyMode.EXTENDED, false, true),
                qemu("qemu-nbd on a port, under TLS", ReplyMode.EXTENDED, true, true),
                nbdkit("nbdkit", ReplyMode.STRUCTURED),
                nbdkit("nbdkit with simple replies", ReplyMode.SIMPLE, "--no-sr"),
                nbdkit("nbdkit with the oldest handshake", ReplyMode.SIMPLE, "--mask-handshake=0"),
                nbdkit("nbdkit that leaves no zeroes out", ReplyMode.STRUCTURED, "--mask-handshake=1"),
                nbdkit("nbdkit without extents", ReplyMode.STRUCTURED, "--filter=noextents"),
                nbdkit("nbdkit that serves one request at a time", ReplyMode.STRUCTURED, "--filter=noparallel"),
                secureNbdkit("nbdkit under TLS", ReplyMode.STRUCTURED),
                secureNbdkit("nbdkit under TLS with simple replies", ReplyMode.SIMPLE, "--no-sr"));
    }

    private static Server qemu(String name, ReplyMode mode, boolean tcp, boolean tls) {
        return new Server(name, mode, tls, () -> {
            QemuNbd.Builder builder = QemuNbd.serving(sample.disk()).bitmap(SampleDisk.LATE);
            if (tls) {
                builder.option(
                        "--object",
                        "tls-creds-x509,id=tls,endpoint=server,dir=" + pki + ",verify-peer=on",
                        "--tls-creds",
                        "tls");
            }
            QemuNbd server = (tcp ? builder.tcp() : builder).start(directory.path());
            return new Running(server.process(), server.uri());
        });
    }

    private static Server nbdkit(String name, ReplyMode mode, String... arguments) {
        return new Server(name, mode, false, () -> start(arguments));
    }

    private static Server secureNbdkit(String name, ReplyMode mode, String... arguments) {
        String[] secure = Stream.concat(
                        Stream.of(arguments),
                        Stream.of("--tls=require", "--tls-certificates=" + pki, "--tls-verify-peer"))
                .toArray(String[]::new);
        return new Server(name, mode, true, () -> start(secure));
    }

    private static Running start(String... arguments) {
        List<String> all = new ArrayList<>(List.of("-r"));
        all.addAll(List.of(arguments));
        all.addAll(List.of("file", "" + sample.raw()));
        Nbdkit server = Nbdkit.start(directory.path(), all.toArray(String[]::new));
        return new Running(server.process(), server.uri());
    }

    private static NbdUri uri(Server server, Running running) {
        if (!server.tls()) {
            return NbdUri.parse(running.uri());
        }
        String secure = running.uri().replaceFirst("^nbd", "nbds");
        return NbdUri.parse(
                secure + (secure.contains("?") ? "&" : "?") + "tls-hostname=localhost&tls-certificates=" + pki);
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("servers")
    void everyByteIsReadOverSeveralConnections(Server server) {
        try (Running running = server.start().get();
                NbdClient client = NbdClient.open(uri(server, running), NbdOptions.defaults())) {
            assertThat(client.export().mode()).isEqualTo(server.mode());
            assertThat(client.export().encrypted()).isEqualTo(server.tls());
            assertThat(Reading.all(client, 256 << 10)).isEqualTo(sample.content());
            assertThat(Reading.all(client, 777_777)).as("ranges of any kind").isEqualTo(sample.content());
            assertThat(Reading.all(client, SampleDisk.SIZE)).as("one range").isEqualTo(sample.content());
            assertThat(client.connections()).isBetween(client.export().canMultiConn() ? 2 : 1, 4);
        }
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("servers")
    void whatTheMapCallsZeroIsZero(Server server) {
        try (Running running = server.start().get();
                NbdClient client = NbdClient.open(uri(server, running), NbdOptions.defaults())) {
            byte[] content = sample.content();
            long[] end = {0};
            client.walk(0, SampleDisk.SIZE, extent -> {
                assertThat(extent.offset()).isEqualTo(end[0]);
                end[0] = extent.end();
                if ((extent.status().getOrDefault(BASE_ALLOCATION, 0L) & 2) != 0) {
                    for (long i = extent.offset(); i < extent.end(); i += 512) {
                        assertThat(content[(int) i]).isZero();
                    }
                }
            });
            assertThat(end[0]).isEqualTo(SampleDisk.SIZE);
        }
    }

    @Test
    void qemuAnswersForTheContextsThatAreAskedForAndForOneExtentOfEach() {
        Server server = servers().findFirst().orElseThrow();
        NbdOptions options = NbdOptions.defaults().withContexts(BASE_ALLOCATION, LATE);
        try (Running running = server.start().get()) {
            for (ReplyMode mode : List.of(ReplyMode.EXTENDED, ReplyMode.STRUCTURED)) {
                try (NbdClient client = NbdClient.open(uri(server, running), options.withHighestMode(mode))) {
                    assertThat(client.export().flags().has(TransmissionFlags.BLOCK_STATUS_PAYLOAD))
                            .isEqualTo(mode == ReplyMode.EXTENDED);
                    List<Extent> dirty = new ArrayList<>();
                    client.walk(0, SampleDisk.SIZE, List.of(LATE), dirty::add);
                    assertThat(dirty)
                            .hasSizeGreaterThan(3)
                            .allSatisfy(extent -> assertThat(extent.status()).containsOnlyKeys(LATE));
                    Extent first = client.extentAt(0, SampleDisk.SIZE);
                    assertThat(first.status()).containsOnlyKeys(BASE_ALLOCATION, LATE);
                    assertThat(first.status(LATE)).isEqualTo(dirty.getFirst().status(LATE));
                    assertThat(first.end()).isLessThanOrEqualTo(dirty.getFirst().end());
                }
            }
        }
    }

    @Test
    void exportsAreDescribedAndContextsListedWithAndWithoutWildcard() {
        try (QemuNbd server = QemuNbd.serving(sample.disk())
                .export("vda")
                .bitmap(SampleDisk.LATE)
                .option("-D", "a disk")
                .start(directory.path())) {
            NbdUri uri = NbdUri.parse(server.uri());
            NbdOptions options = NbdOptions.defaults();
            ExportInfo info = NbdConnection.describe(uri, options);
            assertThat(info.size()).isEqualTo(SampleDisk.SIZE);
            assertThat(info.description()).isEqualTo("a disk");
            assertThat(info.contexts()).isEmpty();
            assertThat(NbdConnection.offeredContexts(uri, options)).contains(BASE_ALLOCATION, LATE);
            assertThat(NbdConnection.offeredContexts(uri, options, "qemu:")).containsExactly(LATE);
            assertThat(NbdConnection.offeredContexts(uri, options, "base:allocation", "qemu:dirty-bitmap:"))
                    .containsExactlyInAnyOrder(BASE_ALLOCATION, LATE);
            assertThat(NbdConnection.offeredContexts(uri, options, "none:")).isEmpty();
            assertThatExceptionOfType(NbdException.class)
                    .isThrownBy(() -> NbdConnection.describe(uri.withExport("vdb"), options))
                    .satisfies(e -> assertThat(e.code()).isEqualTo(NbdErrorCode.EXPORT_UNKNOWN));
        }
    }
}
