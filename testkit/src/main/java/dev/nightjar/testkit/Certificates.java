package dev.nightjar.testkit;

import io.netty.pkitesting.CertificateBuilder;
import io.netty.pkitesting.CertificateBuilder.KeyUsage;
import io.netty.pkitesting.X509Bundle;
import java.io.IOException;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.time.Duration;
import java.time.Instant;
import javax.net.ssl.SSLContext;
import org.bouncycastle.openssl.jcajce.JcaPEMWriter;

/**
 * A certificate authority and what it signs, as files in the layout of QEMU: ca-cert.pem, server-cert.pem, server-key.pem,
 * client-cert.pem, client-key.pem.
 */
public final class Certificates {

    private final X509Bundle authority = bundle(certificate("CN=Test authority")
            .setIsCertificateAuthority(true)
            .setKeyUsage(true, KeyUsage.keyCertSign, KeyUsage.cRLSign));

    private static CertificateBuilder certificate(String subject) {
        Instant now = Instant.now();
        return new CertificateBuilder()
                .rsa2048()
                .subject(subject)
                .notBefore(now.minus(Duration.ofDays(2)))
                .notAfter(now.plus(Duration.ofDays(2)));
    }

    private static X509Bundle bundle(CertificateBuilder builder) {
        try {
            return builder.buildSelfSigned();
        } catch (Exception e) {
            throw new TestkitException("cannot make a certificate", e);
        }
    }

    /** Something that this authority signs. */
    public X509Bundle signed(CertificateBuilder builder) {
        try {
            return builder.setKeyUsage(true, KeyUsage.digitalSignature, KeyUsage.keyEncipherment)
                    .buildIssuedBy(authority);
        } catch (Exception e) {
            throw new TestkitException("cannot make a certificate", e);
        }
    }

    /** A certificate that is good for two days, for a server of this name; not signed yet. */
    public static CertificateBuilder server(String host) {
        return certificate("CN=" + host).addSanDnsName(host).addExtendedKeyUsageServerAuth();
    }

    /** The same for a client. */
    public static CertificateBuilder client() {
        return certificate("CN=client").addExtendedKeyUsageClientAuth();
    }

    /** The server's directory: the authority, and a certificate for the server. */
    public Path writeServer(Path directory, CertificateBuilder server) {
        write(directory, "ca-cert.pem", authority.getCertificatePEM());
        return write(directory, "server", signed(server));
    }

    /** A server in this process with such a certificate. */
    public SSLContext context(CertificateBuilder server) {
        try {
            SSLContext context = SSLContext.getInstance("TLS");
            context.init(signed(server).toKeyManagerFactory().getKeyManagers(), null, null);
            return context;
        } catch (GeneralSecurityException e) {
            throw new TestkitException("cannot make a certificate", e);
        }
    }

    /** The client's directory: the authority, and a certificate for the client. */
    public Path writeClient(Path directory) {
        writeAuthority(directory);
        return write(directory, "client", signed(client()));
    }

    /** The directory of a client that has no certificate. */
    public Path writeAuthority(Path directory) {
        return write(directory, "ca-cert.pem", authority.getCertificatePEM());
    }

    /** Writes certificate and key of somebody, and returns the directory. */
    public static Path write(Path directory, String who, X509Bundle bundle) {
        write(directory, who + "-cert.pem", bundle.getCertificatePathPEM());
        return write(directory, who + "-key.pem", key(bundle));
    }

    /** As certtool writes it, in PKCS#1, with text before it. */
    public static String key(X509Bundle bundle) {
        StringWriter text = new StringWriter().append("Public Key Info:\n\tPublic Key Algorithm: RSA\n\n");
        try (JcaPEMWriter out = new JcaPEMWriter(text)) {
            out.writeObject(bundle.getKeyPair().getPrivate());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return text.toString();
    }

    /** Writes any file, and returns the directory. */
    public static Path write(Path directory, String name, String text) {
        try {
            Files.createDirectories(directory);
            Files.writeString(directory.resolve(name), text);
            return directory;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
