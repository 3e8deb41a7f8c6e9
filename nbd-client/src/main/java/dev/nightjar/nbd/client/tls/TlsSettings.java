package dev.nightjar.nbd.client.tls;

import java.nio.file.Files;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/**
 * How to encrypt connections, and whom to believe: x509 certificates, TLS 1.2 or newer. Immutable; files are read whenever a
 * client or connection is opened, so that renewed certificates count.
 *
 * @param use whether to encrypt at all; a URI of the scheme {@code nbds} or {@code nbds+unix} makes it REQUIRED
 * @param authorities PEM file of the certificate authorities that may vouch for the server; null means those of the Java runtime
 * @param certificate PEM file of our own certificate, with its intermediates; null without
 * @param key PEM file of its private key (PKCS#8, PKCS#1 or SEC 1, not encrypted); null without
 * @param hostName whom the server's certificate has to be for; null means the host of the URI, or {@code localhost} for a socket
 * @param verifyPeer whether the server's certificate is checked at all; without, anybody in between can read and change everything
 */
public record TlsSettings(
        TlsUse use,
        @Nullable Path authorities,
        @Nullable Path certificate,
        @Nullable Path key,
        @Nullable String hostName,
        boolean verifyPeer) {

    /** In plain, unless the URI says otherwise. */
    public static final TlsSettings NEVER = new TlsSettings(TlsUse.NEVER, null, null, null, null, true);

    /** Encrypted or not at all, believing whom the Java runtime believes. */
    public static final TlsSettings REQUIRED = NEVER.withUse(TlsUse.REQUIRED);

    public TlsSettings {
        if ((certificate == null) != (key == null)) {
            throw new IllegalArgumentException("a certificate and its key come together");
        }
    }

    public TlsSettings withUse(TlsUse wanted) {
        return new TlsSettings(wanted, authorities, certificate, key, hostName, verifyPeer);
    }

    public TlsSettings withAuthorities(Path file) {
        return new TlsSettings(use, file, certificate, key, hostName, verifyPeer);
    }

    public TlsSettings withCertificate(Path file, Path keyFile) {
        return new TlsSettings(use, authorities, file, keyFile, hostName, verifyPeer);
    }

    /** A directory as QEMU and libnbd have it: ca-cert.pem, and client-cert.pem with client-key.pem if there is one of them now. */
    public TlsSettings withDirectory(Path directory) {
        Path own = directory.resolve("client-cert.pem");
        Path ownKey = directory.resolve("client-key.pem");
        TlsSettings settings = withAuthorities(directory.resolve("ca-cert.pem"));
        return Files.exists(own) || Files.exists(ownKey) ? settings.withCertificate(own, ownKey) : settings;
    }

    public TlsSettings withHostName(String name) {
        return new TlsSettings(use, authorities, certificate, key, name, verifyPeer);
    }

    public TlsSettings withVerifyPeer(boolean verify) {
        return new TlsSettings(use, authorities, certificate, key, hostName, verify);
    }
}
