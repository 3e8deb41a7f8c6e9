package dev.nightjar.service.export.endpoint;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.nightjar.nbd.server.export.Export;
import dev.nightjar.nbd.server.export.ExportDescription;
import dev.nightjar.nbd.server.export.ServedDisk;
import dev.nightjar.service.config.NightjarProperties;
import dev.nightjar.service.config.NightjarProperties.NbdProperties;
import dev.nightjar.service.config.NightjarProperties.TlsMode;
import dev.nightjar.service.error.NightjarException;
import dev.nightjar.service.export.attach.AttachedDisk;
import dev.nightjar.service.export.attach.Snippet;
import dev.nightjar.service.export.attach.Snippets;
import dev.nightjar.service.testing.TestProperties;
import dev.nightjar.testkit.Command;
import dev.nightjar.testkit.TempDirectory;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Where the server listens, and that what is to be pasted works as it is, with QEMU's tool as the client. */
@Timeout(60)
class NbdEndpointIT {

    private static final int SIZE = 1 << 20;

    private final TempDirectory directory = TempDirectory.create();
    private @Nullable NbdEndpoint endpoint;

    /** A disk of zeros. */
    private record Zeros(String name) implements Export {

        @Override
        public ExportDescription description() {
            return new ExportDescription(name, "", SIZE, ExportDescription.DEFAULT_BLOCK_SIZES, false, true, List.of());
        }

        @Override
        public ServedDisk open() {
            return new ServedDisk() {
                @Override
                public long sizeBytes() {
                    return SIZE;
                }

                @Override
                public boolean writable() {
                    return false;
                }

                @Override
                public List<Piece> read(long offset, int length) {
                    return List.of(new Piece.Zeros(length));
                }

                @Override
                public void status(String context, long offset, long length, StatusSink sink) {
                    sink.extent(length, 3);
                }

                @Override
                public void close() {
                    // Holds nothing.
                }
            };
        }
    }

    @AfterEach
    void close() {
        if (endpoint != null) {
            endpoint.close();
        }
        directory.close();
    }

    @Test
    void whatIsPastedWorksWithoutTls() throws IOException {
        NbdEndpoint started = start(TlsMode.OFF, 0);
        for (NbdAddress address : started.addresses()) {
            assertThat(address.encryption().tls()).isFalse();
            assertCopies(address);
        }
        assertThat(started.addresses()).hasSize(2);
    }

    @Test
    void whatIsPastedWorksWithCertificatesOfOurOwn() throws IOException {
        NbdEndpoint started = start(TlsMode.REQUIRED, 0);
        for (NbdAddress address : started.addresses()) {
            assertThat(address.encryption().tls()).isTrue();
            assertCopies(address);
        }
    }

    @Test
    void whoHasNoCertificateIsNotServed() {
        NbdEndpoint started = start(TlsMode.REQUIRED, 0);
        NbdAddress.Tcp tcp = (NbdAddress.Tcp) started.addresses().getFirst();
        Command.Result plain = shell("qemu-img info nbd://127.0.0.1:" + tcp.port() + "/zeros");
        assertThat(plain.exitCode()).isNotZero();
    }

    @Test
    void certificatesAreMadeOnceAndAreTheirOwnersOnly() throws IOException {
        start(TlsMode.REQUIRED, 0).close();
        Path key = directory.resolve("data/tls/client/client-key.pem");
        byte[] before = Files.readAllBytes(key);
        assertThat(Files.getPosixFilePermissions(key)).hasSize(2);
        assertThat(directory.resolve("data/tls/client/ca-cert.pem")).exists();
        start(TlsMode.REQUIRED, 0);
        assertThat(Files.readAllBytes(key)).isEqualTo(before);
    }

    @Test
    void aPortThatWasAskedForAndIsTakenIsSaid() throws IOException {
        try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            assertThatThrownBy(() -> start(TlsMode.OFF, taken.getLocalPort()))
                    .isInstanceOfSatisfying(
                            NightjarException.class, e -> assertThat(e.code()).isEqualTo("NBD_ADDRESS_UNAVAILABLE"));
        }
    }

    @Test
    void withoutAPortTwoAppliancesDoNotGetInEachOthersWay() {
        NbdEndpoint one = new NbdEndpoint(properties(TlsMode.OFF, null, "one"), Clock.systemUTC());
        NbdEndpoint other = new NbdEndpoint(properties(TlsMode.OFF, null, "other"), Clock.systemUTC());
        one.add(new Zeros("zeros"));
        other.add(new Zeros("zeros"));
        assertThat(other.addresses()).doesNotContainAnyElementsOf(one.addresses());
        one.close();
        other.close();
    }

    @Test
    void beyondLoopbackNobodyIsServedInTheClearUnlessAskedFor() throws IOException {
        ServerTls beyond =
                new ServerTls(properties(null, 0, "data"), InetAddress.getByName("192.0.2.1"), Clock.systemUTC());
        assertThat(beyond.mode()).isEqualTo(TlsMode.REQUIRED);
        ServerTls loopback =
                new ServerTls(properties(null, 0, "data"), InetAddress.getLoopbackAddress(), Clock.systemUTC());
        assertThat(loopback.mode()).isEqualTo(TlsMode.OFF);
    }

    private NbdEndpoint start(TlsMode tls, int port) {
        NbdEndpoint started = new NbdEndpoint(properties(tls, port, "data"), Clock.systemUTC());
        endpoint = started;
        started.add(new Zeros("zeros"));
        return started;
    }

    private NightjarProperties properties(@Nullable TlsMode tls, @Nullable Integer port, String data) {
        NbdProperties nbd = NbdProperties.defaults();
        Path home = directory.resolve(data);
        assertThat(home.toFile().isDirectory() || home.toFile().mkdir()).isTrue();
        return TestProperties.in(
                home,
                new NbdProperties(
                        nbd.address(),
                        port,
                        null,
                        tls,
                        null,
                        null,
                        null,
                        List.of(),
                        64,
                        64,
                        null,
                        nbd.overlayLimit(),
                        nbd.cache()));
    }

    private void assertCopies(NbdAddress address) throws IOException {
        String command = new Snippets(new AttachedDisk("zeros", false), address)
                .all().stream()
                        .filter(snippet -> snippet.kind() == Snippet.Kind.QEMU_IMG)
                        .findFirst()
                        .orElseThrow()
                        .text();
        Path copy = directory.resolve("zeros.qcow2");
        Command.Result result = shell("cd " + directory.path() + " && " + command);
        assertThat(result.exitCode()).as("%s%n%s", command, result).isZero();
        assertThat(copy).exists();
        Files.delete(copy);
    }

    private static Command.Result shell(String command) {
        return new Command(List.of("bash", "-c", command), Duration.ofSeconds(30)).runToEnd();
    }
}
