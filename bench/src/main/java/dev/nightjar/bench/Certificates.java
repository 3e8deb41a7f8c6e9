package dev.nightjar.bench;

import io.netty.pkitesting.CertificateBuilder;
import io.netty.pkitesting.CertificateBuilder.KeyUsage;
import io.netty.pkitesting.X509Bundle;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;

/** A certificate authority with a server and a client, in one directory as QEMU and libnbd want it. */
final class Certificates {

    private Certificates() {}

    static Path create(Path directory) {
        try {
            Files.createDirectories(directory);
            X509Bundle authority = certificate("CN=Benchmark authority")
                    .setIsCertificateAuthority(true)
                    .setKeyUsage(true, KeyUsage.keyCertSign, KeyUsage.cRLSign)
                    .buildSelfSigned();
            Files.writeString(directory.resolve("ca-cert.pem"), authority.getCertificatePEM());
            write(
                    directory,
                    "server",
                    certificate("CN=localhost")
                            .addSanDnsName("localhost")
                            .addExtendedKeyUsageServerAuth()
                            .setKeyUsage(true, KeyUsage.digitalSignature, KeyUsage.keyEncipherment)
                            .buildIssuedBy(authority));
            write(
                    directory,
                    "client",
                    certificate("CN=client")
                            .addExtendedKeyUsageClientAuth()
                            .setKeyUsage(true, KeyUsage.digitalSignature, KeyUsage.keyEncipherment)
                            .buildIssuedBy(authority));
            return directory;
        } catch (Exception e) {
            throw new IllegalStateException("cannot make certificates", e);
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

    private static void write(Path directory, String who, X509Bundle bundle) throws java.io.IOException {
        Files.writeString(directory.resolve(who + "-cert.pem"), bundle.getCertificatePathPEM());
        Files.writeString(directory.resolve(who + "-key.pem"), bundle.getPrivateKeyPEM());
    }
}
