package dev.nightjar.nbd.server;

import dev.nightjar.nbd.server.tls.TlsCredentials;
import io.netty.pkitesting.CertificateBuilder;
import io.netty.pkitesting.CertificateBuilder.KeyUsage;
import io.netty.pkitesting.X509Bundle;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;

/** A certificate authority, and the files that it gives to a server on this machine and to its clients, as QEMU and libnbd name them. */
final class Certificates {

    private final Path directory;
    private final X509Bundle authority;

    Certificates(Path directory) {
        this.directory = directory;
        this.authority = make(() -> certificate("CN=Test authority")
                .setIsCertificateAuthority(true)
                .setKeyUsage(true, KeyUsage.keyCertSign, KeyUsage.cRLSign)
                .buildSelfSigned());
        write("ca-cert.pem", authority.getCertificatePEM());
        bundle("server", certificate("CN=localhost").addSanDnsName("localhost").addExtendedKeyUsageServerAuth());
        bundle("client", certificate("CN=client").addExtendedKeyUsageClientAuth());
    }

    private interface Maker {
        X509Bundle make() throws Exception;
    }

    private static X509Bundle make(Maker maker) {
        try {
            return maker.make();
        } catch (Exception e) {
            throw new IllegalStateException(e);
        }
    }

    private static CertificateBuilder certificate(String subject) {
        Instant now = Instant.now();
        return new CertificateBuilder()
                .rsa2048()
                .subject(subject)
                .notBefore(now.minus(Duration.ofDays(2)))
                .notAfter(now.plus(Duration.ofDays(2)));
    }

    private void bundle(String who, CertificateBuilder builder) {
        X509Bundle bundle = make(() -> builder.setKeyUsage(true, KeyUsage.digitalSignature, KeyUsage.keyEncipherment)
                .buildIssuedBy(authority));
        write(who + "-cert.pem", bundle.getCertificatePathPEM());
        write(who + "-key.pem", bundle.getPrivateKeyPEM());
    }

    private void write(String name, String text) {
        try {
            Files.createDirectories(directory);
            Files.writeString(directory.resolve(name), text);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** With all files: the authority, a client's and the server's. */
    Path directory() {
        return directory;
    }

    Path authorityFile() {
        return directory.resolve("ca-cert.pem");
    }

    /** The server's, for clients of any kind. */
    TlsCredentials forAnyone() {
        return new TlsCredentials(directory.resolve("server-cert.pem"), directory.resolve("server-key.pem"), null);
    }

    /** The server's, for clients that this authority knows. */
    TlsCredentials forOwnClients() {
        return new TlsCredentials(
                directory.resolve("server-cert.pem"), directory.resolve("server-key.pem"), authorityFile());
    }
}
