package dev.nightjar.nbd.server;

import static dev.nightjar.nbd.protocol.OptionCode.LIST;
import static dev.nightjar.nbd.protocol.OptionCode.STARTTLS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.nightjar.nbd.client.NbdConnection;
import dev.nightjar.nbd.client.NbdException;
import dev.nightjar.nbd.client.NbdOptions;
import dev.nightjar.nbd.client.NbdUri;
import dev.nightjar.nbd.client.tls.TlsSettings;
import dev.nightjar.nbd.protocol.Option;
import dev.nightjar.nbd.protocol.ReplyMode;
import dev.nightjar.nbd.protocol.Violation;
import dev.nightjar.nbd.server.handshake.OptionRule;
import dev.nightjar.nbd.server.tls.TlsCredentials;
import dev.nightjar.nbd.server.tls.TlsPolicy;
import dev.nightjar.nbd.server.transport.NoServerLeaks;
import dev.nightjar.testkit.Await;
import dev.nightjar.testkit.TempDirectory;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.io.IOException;
import java.net.UnixDomainSocketAddress;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Encryption: who gets in, and what happens to those who try otherwise. */
@ExtendWith(NoServerLeaks.class)
class TlsTest {

    private static final int SIZE = 8 << 20;

    private static TempDirectory directory;
    private static Certificates certificates;
    private static Certificates foreign;

    @BeforeAll
    static void issueCertificates() {
        directory = TempDirectory.create();
        certificates = new Certificates(directory.resolve("own"));
        foreign = new Certificates(directory.resolve("foreign"));
    }

    @AfterAll
    static void deleteCertificates() {
        directory.close();
    }

    private static TestServer serving(TlsPolicy policy, MemoryDisk disk) {
        return TestServer.with(
                options -> options.withTls(policy)
                        .withTimeouts(Duration.ofSeconds(2), Duration.ofSeconds(10), Duration.ofSeconds(5)),
                TestExport.of("disk", disk));
    }

    private static TestServer required() {
        return serving(new TlsPolicy.Required(certificates.forAnyone()), MemoryDisk.sample(SIZE, true));
    }

    private static ScriptedClient connect(TestServer server) throws IOException {
        return ScriptedClient.connect(UnixDomainSocketAddress.of(server.socket()));
    }

    private static NbdConnection open(TestServer server, ReplyMode mode, TlsSettings tls) {
        return NbdConnection.open(
                NbdUri.parse(server.uri("disk")),
                NbdOptions.defaults().withHighestMode(mode).withTls(tls));
    }

    private static TlsSettings trusting(Path authority) {
        return TlsSettings.REQUIRED.withAuthorities(authority);
    }

    @ParameterizedTest
    @EnumSource(ReplyMode.class)
    void everyModeReadsAndWritesEncrypted(ReplyMode mode) {
        MemoryDisk disk = MemoryDisk.sample(SIZE, true);
        try (TestServer server = serving(new TlsPolicy.Required(certificates.forAnyone()), disk);
                NbdConnection connection = open(server, mode, trusting(certificates.authorityFile()))) {
            byte[] data = new byte[3 << 20];
            Arrays.fill(data, (byte) 0x77);
            connection.write(12_345, Unpooled.wrappedBuffer(data)).join();
            ByteBuf all = connection.read(0, SIZE).join();
            byte[] content = new byte[SIZE];
            all.readBytes(content);
            all.release();
            assertThat(Arrays.equals(content, disk.content())).isTrue();
            assertThat(content[12_345]).isEqualTo((byte) 0x77);
        }
    }

    @Test
    void whereItIsOfferedPlainClientsAreServedToo() throws IOException {
        try (TestServer server =
                        serving(new TlsPolicy.Offered(certificates.forAnyone()), MemoryDisk.sample(SIZE, false));
                ScriptedClient plain = connect(server);
                NbdConnection encrypted = open(server, ReplyMode.EXTENDED, trusting(certificates.authorityFile()))) {
            plain.enter(ReplyMode.EXTENDED, "disk").expectLife();
            assertThat(encrypted.isOpen()).isTrue();
        }
    }

    @Test
    void plainClientsAreTurnedAwayWhereItIsRequired() throws IOException {
        try (TestServer server = required();
                ScriptedClient plain = connect(server);
                ScriptedClient oldest = connect(server)) {
            plain.greet()
                    .option(LIST)
                    .expectRefusal(OptionRule.TLS_FIRST)
                    .go("disk")
                    .expectRefusal(OptionRule.TLS_FIRST);
            oldest.greet().option(new Option.ExportName("disk")).expectClosed();
            assertThat(server.server().statistics().violations()).containsEntry(Violation.EXPORT_NAME_UNUSABLE, 1L);
        }
    }

    @Test
    void plainBytesThatComeWithStarttlsEndTheConnection() throws IOException {
        try (TestServer server = required();
                ScriptedClient attacked = connect(server)) {
            attacked.greet()
                    .bytes(out -> {
                        new Option.Plain(STARTTLS).encode(out);
                        new Option.Plain(LIST).encode(out);
                    })
                    .expectClosed();
            assertThat(server.server().statistics().violations()).containsEntry(Violation.PLAINTEXT_AFTER_STARTTLS, 1L);
        }
    }

    @Test
    void somethingElseThanTlsAfterStarttlsEndsTheConnection() throws IOException {
        try (TestServer server = required();
                ScriptedClient confused = connect(server)) {
            confused.greet().option(STARTTLS).expectAck().option(LIST).expectClosed();
            assertThat(Await.until(
                            Duration.ofSeconds(1),
                            () -> server.server().statistics().tlsFailures() == 1))
                    .isTrue();
        }
    }

    @Test
    void silenceAfterStarttlsEndsAtTheDeadlineOfTheHandshake() throws IOException {
        try (TestServer server = TestServer.with(
                        options -> options.withTls(new TlsPolicy.Required(certificates.forAnyone()))
                                .withTimeouts(Duration.ofMillis(300), Duration.ofSeconds(1), Duration.ofSeconds(1)),
                        TestExport.of("disk", MemoryDisk.sample(SIZE, false)));
                ScriptedClient silent = connect(server)) {
            silent.greet().option(STARTTLS).expectAck().expectClosed();
            assertThat(server.server().statistics().handshakeTimeouts()).isEqualTo(1);
        }
    }

    @Test
    void onlyClientsOfTheAuthorityGetInWhereOneIsGiven() {
        try (TestServer server =
                serving(new TlsPolicy.Required(certificates.forOwnClients()), MemoryDisk.sample(SIZE, false))) {
            assertThatThrownBy(() -> open(server, ReplyMode.EXTENDED, trusting(certificates.authorityFile())))
                    .isInstanceOf(NbdException.class);
            Path stranger = foreign.directory();
            assertThatThrownBy(() -> open(
                            server,
                            ReplyMode.EXTENDED,
                            trusting(certificates.authorityFile())
                                    .withCertificate(
                                            stranger.resolve("client-cert.pem"), stranger.resolve("client-key.pem"))))
                    .isInstanceOf(NbdException.class);
            assertThat(Await.until(
                            Duration.ofSeconds(1),
                            () -> server.server().statistics().tlsFailures() == 2))
                    .isTrue();
            try (NbdConnection known =
                    open(server, ReplyMode.EXTENDED, TlsSettings.REQUIRED.withDirectory(certificates.directory()))) {
                assertThat(known.isOpen()).isTrue();
            }
        }
    }

    @Test
    void filesThatAreNoCertificatesAreNamed() {
        Path none = directory.resolve("none.pem");
        assertThatThrownBy(() -> NbdServer.start(NbdServerOptions.defaults()
                        .withTls(new TlsPolicy.Required(new TlsCredentials(none, none, null)))))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("none.pem");
    }
}
