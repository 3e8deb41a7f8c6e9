package dev.nightjar.nbd.server;

import static org.assertj.core.api.Assertions.assertThat;

import dev.nightjar.nbd.server.tls.TlsPolicy;
import dev.nightjar.nbd.server.transport.NoServerLeaks;
import dev.nightjar.testkit.Command;
import dev.nightjar.testkit.DiskRef;
import dev.nightjar.testkit.Nbdkit;
import dev.nightjar.testkit.QemuImg;
import dev.nightjar.testkit.TempDirectory;
import dev.nightjar.testkit.Tool;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Other people's clients, encrypted by GnuTLS; the server asks each for a certificate. */
@ExtendWith(NoServerLeaks.class)
class TlsPeersIT {

    private static final int SIZE = 16 << 20;

    private static TempDirectory directory;
    private static Certificates certificates;
    private static MemoryDisk disk;
    private static TestServer server;

    @BeforeAll
    static void serve() {
        directory = TempDirectory.create();
        certificates = new Certificates(directory.resolve("tls"));
        disk = MemoryDisk.sample(SIZE, true);
        server = TestServer.with(
                options -> options.withTls(new TlsPolicy.Required(certificates.forOwnClients())),
                TestExport.of("disk", disk));
    }

    @AfterAll
    static void stop() {
        server.close();
        directory.close();
    }

    private static String nbds() {
        return "nbds://localhost:%d/disk?tls-certificates=%s".formatted(server.port(), certificates.directory());
    }

    private static String[] qemuOptions(String credentials) {
        return new String[] {
            "--object",
            "tls-creds-x509,id=tls,endpoint=client,verify-peer=on,dir=" + credentials,
            "--image-opts",
            "driver=nbd,server.type=inet,server.host=localhost,server.port=%d,export=disk,tls-creds=tls"
                    .formatted(server.port())
        };
    }

    private static Path authorityAlone() throws IOException {
        Path alone = directory.directory("alone");
        Files.write(alone.resolve("ca-cert.pem"), Files.readAllBytes(certificates.authorityFile()));
        return alone;
    }

    @Test
    void nbdinfoGetsInWithItsCertificate() {
        JsonNode info = JsonMapper.shared()
                .readTree(Command.of(Tool.NBDINFO, "--json", nbds()).run());
        assertThat(info.required("TLS").asBoolean()).isTrue();
        assertThat(info.required("exports").get(0).required("export-size").asLong())
                .isEqualTo(SIZE);
    }

    @Test
    void nbdinfoStaysOutWithoutOne() throws IOException {
        String uri = "nbds://localhost:%d/disk?tls-certificates=%s".formatted(server.port(), authorityAlone());
        assertThat(Command.of(Tool.NBDINFO, "--size", uri).runToEnd().exitCode())
                .isNotZero();
        assertThat(Command.of(Tool.NBDINFO, "--size", server.tcpUri("disk"))
                        .runToEnd()
                        .exitCode())
                .as("in plain")
                .isNotZero();
    }

    @Test
    void nbdcopyCopiesEveryByte() throws IOException {
        Path copy = directory.resolve("copy");
        Command.of(Tool.NBDCOPY, "--connections=2", "--requests=16", nbds(), copy.toString())
                .run();
        assertThat(Arrays.equals(Files.readAllBytes(copy), disk.content())).isTrue();
    }

    @Test
    void qemuImgConvertsEveryByte() throws IOException {
        Path copy = directory.resolve("converted");
        String[] source = qemuOptions(certificates.directory().toString());
        Command.of(Tool.QEMU_IMG, "convert", source[0], source[1], source[2], source[3], "-O", "raw", copy.toString())
                .run();
        assertThat(Arrays.equals(Files.readAllBytes(copy), disk.content())).isTrue();
    }

    @Test
    void qemuIoWritesAndReadsBack() {
        String[] target = qemuOptions(certificates.directory().toString());
        String said = Command.of(
                        Tool.QEMU_IO,
                        target[0],
                        target[1],
                        target[2],
                        target[3],
                        "-c",
                        "write -P 0x12 1M 1M",
                        "-c",
                        "read -P 0x12 1M 1M")
                .run();
        assertThat(said).doesNotContain("fail");
        assertThat(disk.content()[(1 << 20) + 5]).isEqualTo((byte) 0x12);
    }

    @Test
    void nbdkitPassesItOn() throws IOException {
        try (Nbdkit proxy = Nbdkit.start(
                directory.path(),
                "-r",
                "nbd",
                "hostname=localhost",
                "port=" + server.port(),
                "export=disk",
                "tls=require",
                "tls-certificates=" + certificates.directory())) {
            Path raw = Files.write(directory.resolve("raw"), disk.content());
            assertThat(QemuImg.compare(DiskRef.nbd(proxy.uri()), DiskRef.raw(raw))
                            .identical())
                    .isTrue();
        }
    }
}
