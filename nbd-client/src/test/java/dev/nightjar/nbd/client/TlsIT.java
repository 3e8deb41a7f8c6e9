package dev.nightjar.nbd.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.nightjar.nbd.client.tls.TlsFailure;
import dev.nightjar.nbd.client.tls.TlsSettings;
import dev.nightjar.nbd.client.tls.TlsUse;
import dev.nightjar.nbd.client.transport.NoLeaks;
import dev.nightjar.nbd.protocol.ReplyMode;
import dev.nightjar.testkit.Certificates;
import dev.nightjar.testkit.Nbdkit;
import dev.nightjar.testkit.QemuNbd;
import dev.nightjar.testkit.TempDirectory;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** TLS against qemu-nbd and nbdkit, which have it from GnuTLS. */
@ExtendWith(NoLeaks.class)
class TlsIT {

    private static final Certificates CERTIFICATES = new Certificates();
    private static TempDirectory directory;
    private static SampleDisk sample;
    private static Path clientFiles;
    private static Path authorityOnly;

    @BeforeAll
    static void createDiskAndCertificates() {
        directory = TempDirectory.create();
        sample = SampleDisk.create(directory.path());
        clientFiles = CERTIFICATES.writeClient(directory.resolve("client"));
        authorityOnly = CERTIFICATES.writeAuthority(directory.resolve("authority"));
    }

    @AfterAll
    static void deleteDisk() {
        directory.close();
    }

    private static QemuNbd.Builder qemu(Path serverFiles, boolean verifyPeer) {
        String credentials = "tls-creds-x509,id=tls,endpoint=server,dir=%s,verify-peer=%s"
                .formatted(serverFiles, verifyPeer ? "on" : "off");
        return QemuNbd.serving(sample.disk())
                .bitmap(SampleDisk.LATE)
                .option("--object", credentials, "--tls-creds", "tls");
    }

    private static Path serverFiles(String host) {
        return CERTIFICATES.writeServer(directory.resolve("server-" + host), Certificates.server(host));
    }

    private static NbdUri secure(String uri, String parameters) {
        String secure = uri.replaceFirst("^nbd", "nbds");
        return NbdUri.parse(secure + (parameters.isEmpty() ? "" : (secure.contains("?") ? "&" : "?") + parameters));
    }

    private static void assertFails(NbdUri uri, NbdOptions options, TlsFailure failure) {
        assertThatExceptionOfType(NbdException.class)
                .isThrownBy(() -> NbdConnection.open(uri, options).close())
                .satisfies(e -> assertThat(e.code()).as(e.toString()).isEqualTo(NbdErrorCode.TLS_FAILED))
                .satisfies(e -> assertThat(e.tlsFailure()).as(e.toString()).contains(failure))
                .satisfies(e -> assertThat(e.hint()).isNotBlank());
    }

    @ParameterizedTest
    @EnumSource(ReplyMode.class)
    void everyByteIsReadFromQemuOverUnixAndTcp(ReplyMode mode) {
        Path files = serverFiles("localhost");
        NbdOptions options = NbdOptions.defaults().withHighestMode(mode);
        try (QemuNbd unix = qemu(files, true).start(directory.path());
                QemuNbd tcp = qemu(files, true).tcp().start(directory.path())) {
            for (NbdUri uri : List.of(
                    secure(unix.uri(), "tls-certificates=" + clientFiles),
                    secure(tcp.uri(), "tls-hostname=localhost&tls-certificates=" + clientFiles))) {
                try (NbdConnection connection = NbdConnection.open(uri, options)) {
                    assertThat(connection.export().encrypted()).isTrue();
                    assertThat(connection.export().mode()).isEqualTo(mode);
                    assertThat(Reading.all(connection, 1 << 20)).isEqualTo(sample.content());
                    assertThat(Reading.all(connection, 32 << 20)).isEqualTo(sample.content());
                }
                assertThat(NbdConnection.list(uri, options)).hasSize(1);
            }
        }
    }

    @Test
    void everyByteIsReadFromNbdkitAndItsSimpleReplies() {
        Path files = serverFiles("localhost");
        try (Nbdkit server = Nbdkit.start(
                        directory.path(),
                        "-r",
                        "--no-sr",
                        "--tls=require",
                        "--tls-certificates=" + files,
                        "--tls-verify-peer",
                        "file",
                        "" + sample.raw());
                NbdConnection connection = NbdConnection.open(
                        secure(server.uri(), "tls-certificates=" + clientFiles), NbdOptions.defaults())) {
            assertThat(Reading.all(connection, 1 << 20)).isEqualTo(sample.content());
        }
    }

    @Test
    void aCertificateForAnotherNameIsRefusedUnlessThatNameIsExpected() {
        try (QemuNbd server = qemu(serverFiles("elsewhere.example"), false).start(directory.path())) {
            String certificates = "tls-certificates=" + authorityOnly;
            assertFails(secure(server.uri(), certificates), NbdOptions.defaults(), TlsFailure.NAME_MISMATCH);
            NbdConnection.open(
                            secure(server.uri(), certificates + "&tls-hostname=elsewhere.example"),
                            NbdOptions.defaults())
                    .close();
        }
    }

    @Test
    void anAuthorityThatNobodyNamedIsNotBelieved() {
        try (QemuNbd server = qemu(serverFiles("localhost"), false).start(directory.path())) {
            assertFails(secure(server.uri(), ""), NbdOptions.defaults(), TlsFailure.UNTRUSTED);
            Path other = new Certificates().writeAuthority(directory.resolve("other"));
            assertFails(secure(server.uri(), "tls-certificates=" + other), NbdOptions.defaults(), TlsFailure.UNTRUSTED);
            NbdConnection.open(secure(server.uri(), "tls-verify-peer=0"), NbdOptions.defaults())
                    .close();
        }
    }

    @Test
    void anExpiredCertificateIsSaidToBeExpired() {
        Instant now = Instant.now();
        Path files = CERTIFICATES.writeServer(
                directory.resolve("expired"), Certificates.server("localhost").notAfter(now.minus(Duration.ofDays(1))));
        try (Nbdkit server =
                Nbdkit.start(directory.path(), "--tls=require", "--tls-certificates=" + files, "memory", "1M")) {
            assertFails(
                    secure(server.uri(), "tls-certificates=" + authorityOnly),
                    NbdOptions.defaults(),
                    TlsFailure.EXPIRED);
        }
    }

    @Test
    void aServerThatWantsToKnowItsClientsSaysSo() {
        Path files = serverFiles("localhost");
        Path stranger = CERTIFICATES.writeAuthority(directory.resolve("stranger"));
        Certificates.write(stranger, "client", new Certificates().signed(Certificates.client()));
        try (QemuNbd qemu = qemu(files, true).start(directory.path());
                Nbdkit nbdkit = Nbdkit.start(
                        directory.path(),
                        "--tls=require",
                        "--tls-certificates=" + files,
                        "--tls-verify-peer",
                        "memory",
                        "1M")) {
            for (String uri : List.of(qemu.uri(), nbdkit.uri())) {
                assertFails(
                        secure(uri, "tls-certificates=" + authorityOnly),
                        NbdOptions.defaults(),
                        TlsFailure.CLIENT_CERTIFICATE_REQUIRED);
                assertFails(
                        secure(uri, "tls-certificates=" + stranger),
                        NbdOptions.defaults(),
                        TlsFailure.CLIENT_CERTIFICATE_REFUSED);
            }
        }
    }

    @Test
    void requiredTlsNeverBecomesLess() {
        NbdOptions required = NbdOptions.defaults().withTls(TlsSettings.REQUIRED);
        try (QemuNbd plain = QemuNbd.serving(sample.disk()).start(directory.path());
                Nbdkit old = Nbdkit.start(directory.path(), "--mask-handshake=0", "memory", "1M")) {
            for (String uri : List.of(plain.uri(), old.uri())) {
                assertFails(NbdUri.parse(uri), required, TlsFailure.NOT_OFFERED);
                assertFails(secure(uri, ""), NbdOptions.defaults(), TlsFailure.NOT_OFFERED);
            }
            NbdOptions preferred = NbdOptions.defaults().withTls(TlsSettings.REQUIRED.withUse(TlsUse.PREFERRED));
            try (NbdConnection connection = NbdConnection.open(NbdUri.parse(plain.uri()), preferred)) {
                assertThat(connection.export().encrypted()).isFalse();
            }
        }
    }

    @Test
    void aServerThatLetsNobodyInWithoutTlsIsNamedAsSuch() {
        try (QemuNbd server = qemu(serverFiles("localhost"), false).start(directory.path())) {
            assertFails(NbdUri.parse(server.uri()), NbdOptions.defaults(), TlsFailure.DEMANDED);
        }
    }

    @Test
    void filesThatCannotBeUsedAreNamed() {
        Path empty = directory.directory("empty");
        Path garbage = Certificates.write(directory.resolve("garbage"), "ca-cert.pem", "nothing");
        Path mixed = CERTIFICATES.writeClient(directory.resolve("mixed"));
        Certificates.write(mixed, "client-key.pem", Certificates.key(CERTIFICATES.signed(Certificates.client())));
        for (Path each : List.of(empty, garbage, mixed)) {
            NbdUri uri = NbdUri.parse("nbds+unix:///?socket=/nonexistent&tls-certificates=" + each);
            assertFails(uri, NbdOptions.defaults(), TlsFailure.SETTINGS);
        }
    }
}
