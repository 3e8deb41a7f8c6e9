package dev.nightjar.nbd.client.tls;

import java.io.IOException;
import java.io.InputStream;
import java.io.Reader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.PrivateKey;
import java.security.cert.Certificate;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.List;
import org.bouncycastle.asn1.pkcs.PrivateKeyInfo;
import org.bouncycastle.openssl.PEMKeyPair;
import org.bouncycastle.openssl.PEMParser;
import org.bouncycastle.openssl.jcajce.JcaPEMKeyConverter;

/** Reads certificates and keys; the failures name the file. */
final class PemFiles {

    /** No file of certificates is longer; the usual bundle of all public authorities has 200 KB. */
    private static final long BYTES_LIMIT = 8 << 20;

    private PemFiles() {}

    static List<X509Certificate> certificates(Path file) {
        check(file);
        try (InputStream in = Files.newInputStream(file)) {
            List<X509Certificate> certificates = new ArrayList<>();
            for (Certificate each : CertificateFactory.getInstance("X.509").generateCertificates(in)) {
                certificates.add((X509Certificate) each);
            }
            if (certificates.isEmpty()) {
                throw unreadable(file, "it holds no certificate", null);
            }
            return certificates;
        } catch (IOException | GeneralSecurityException e) {
            throw unreadable(file, "it does not hold certificates in PEM", e);
        }
    }

    static PrivateKey key(Path file) {
        check(file);
        try (Reader in = Files.newBufferedReader(file, StandardCharsets.ISO_8859_1);
                PEMParser parser = new PEMParser(in)) {
            JcaPEMKeyConverter converter = new JcaPEMKeyConverter();
            for (Object each = parser.readObject(); each != null; each = parser.readObject()) {
                switch (each) {
                    case PEMKeyPair pair -> {
                        return converter.getPrivateKey(pair.getPrivateKeyInfo());
                    }
                    case PrivateKeyInfo info -> {
                        return converter.getPrivateKey(info);
                    }
                    default -> {
                        // Parameters of a curve and the like may precede the key.
                    }
                }
            }
        } catch (IOException e) {
            throw unreadable(file, "it does not hold a private key in PEM", e);
        }
        throw unreadable(file, "it holds no private key that is not encrypted", null);
    }

    private static void check(Path file) {
        try {
            if (Files.size(file) > BYTES_LIMIT) {
                throw unreadable(file, "it is too large", null);
            }
        } catch (NoSuchFileException e) {
            throw unreadable(file, "there is no such file", e);
        } catch (IOException e) {
            throw unreadable(file, String.valueOf(e.getMessage()), e);
        }
    }

    private static TlsException unreadable(Path file, String why, @org.jspecify.annotations.Nullable Throwable cause) {
        return new TlsException(TlsFailure.SETTINGS, "cannot use " + file + ": " + why, cause);
    }
}
