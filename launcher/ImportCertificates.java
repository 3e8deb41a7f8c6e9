import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyStore;
import java.security.cert.Certificate;
import java.security.cert.CertificateFactory;

/** Makes a JDK trust store out of a bundle of PEM certificates: {@code java ImportCertificates.java BUNDLE STORE}. */
public final class ImportCertificates {

    private ImportCertificates() {}

    public static void main(String[] arguments) throws Exception {
        // JKS: the JDK opens its trust store without a password, and PKCS12 encrypts certificates too.
        KeyStore store = KeyStore.getInstance("JKS");
        store.load(null, null);
        try (InputStream bundle = Files.newInputStream(Path.of(arguments[0]))) {
            int number = 0;
            for (Certificate certificate : CertificateFactory.getInstance("X.509").generateCertificates(bundle)) {
                store.setCertificateEntry("host-" + number++, certificate);
            }
        }
        try (OutputStream out = Files.newOutputStream(Path.of(arguments[1]))) {
            // The password every JDK trust store has; it protects nothing, and tools expect it.
            store.store(out, "changeit".toCharArray());
        }
    }
}
