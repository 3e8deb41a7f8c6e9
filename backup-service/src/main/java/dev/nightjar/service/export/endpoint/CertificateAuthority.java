package dev.nightjar.service.export.endpoint;

import java.io.IOException;
import java.io.StringWriter;
import java.math.BigInteger;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.Provider;
import java.security.SecureRandom;
import java.security.cert.X509Certificate;
import java.security.spec.ECGenParameterSpec;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Date;
import java.util.List;
import org.bouncycastle.asn1.x500.X500Name;
import org.bouncycastle.asn1.x509.BasicConstraints;
import org.bouncycastle.asn1.x509.ExtendedKeyUsage;
import org.bouncycastle.asn1.x509.Extension;
import org.bouncycastle.asn1.x509.GeneralName;
import org.bouncycastle.asn1.x509.GeneralNames;
import org.bouncycastle.asn1.x509.KeyPurposeId;
import org.bouncycastle.asn1.x509.KeyUsage;
import org.bouncycastle.cert.jcajce.JcaX509CertificateConverter;
import org.bouncycastle.cert.jcajce.JcaX509v3CertificateBuilder;
import org.bouncycastle.jce.provider.BouncyCastleProvider;
import org.bouncycastle.openssl.jcajce.JcaPEMWriter;
import org.bouncycastle.openssl.jcajce.JcaPKCS8Generator;
import org.bouncycastle.operator.OperatorCreationException;
import org.bouncycastle.operator.jcajce.JcaContentSignerBuilder;

/**
 * Certificates of the appliance's own, in the directories that QEMU's {@code tls-creds-x509} expects:
 *
 * <pre>
 * server/  ca-cert.pem  server-cert.pem  server-key.pem
 * client/  ca-cert.pem  client-cert.pem  client-key.pem      to be copied to where clients run
 * </pre>
 *
 * <p>The authority's key is used once and not kept: nobody can make another certificate that clients or server would trust. When the certificates are about to end, or have to name
 * other hosts, all of them are made anew. Used by one thread.
 */
final class CertificateAuthority {

    static final String SERVER = "server";
    static final String CLIENT = "client";
    static final String AUTHORITY_FILE = "ca-cert.pem";

    private static final Duration VALID = Duration.ofDays(3650);
    private static final Duration SKEW = Duration.ofHours(24);
    private static final String SIGNATURE = "SHA256withECDSA";

    private final Path directory;
    private final Clock clock;
    private final SecureRandom random = new SecureRandom();
    /** GnuTLS, and so QEMU, reads a key only with its public half in it, which the JDK leaves out. */
    private final Provider provider = new BouncyCastleProvider();

    CertificateAuthority(Path directory, Clock clock) {
        this.directory = directory;
        this.clock = clock;
    }

    /** Writes an authority, a server that is called so, and a client. If this throws, what was there before still is, or a part of the new. */
    void issue(List<GeneralName> names) throws IOException, GeneralSecurityException {
        Files.createDirectories(
                directory, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
        try {
            KeyPair authority = keys();
            X500Name issuer = new X500Name("CN=Nightjar NBD authority");
            X509Certificate root = sign(authority, builder(issuer, issuer, authority, true));
            KeyPair server = keys();
            JcaX509v3CertificateBuilder serverBuilder =
                    builder(issuer, new X500Name("CN=Nightjar NBD server"), server, false);
            purpose(serverBuilder, KeyPurposeId.id_kp_serverAuth);
            serverBuilder.addExtension(
                    Extension.subjectAlternativeName, false, new GeneralNames(names.toArray(GeneralName[]::new)));
            KeyPair client = keys();
            JcaX509v3CertificateBuilder clientBuilder =
                    builder(issuer, new X500Name("CN=Nightjar NBD client"), client, false);
            purpose(clientBuilder, KeyPurposeId.id_kp_clientAuth);
            write(SERVER, root, sign(authority, serverBuilder), server);
            write(CLIENT, root, sign(authority, clientBuilder), client);
        } catch (OperatorCreationException e) {
            throw new GeneralSecurityException(e);
        }
    }

    private KeyPair keys() throws GeneralSecurityException {
        KeyPairGenerator generator = KeyPairGenerator.getInstance("EC", provider);
        generator.initialize(new ECGenParameterSpec("secp256r1"), random);
        return generator.generateKeyPair();
    }

    private JcaX509v3CertificateBuilder builder(X500Name issuer, X500Name subject, KeyPair keys, boolean authority)
            throws IOException {
        Instant now = clock.instant();
        JcaX509v3CertificateBuilder builder = new JcaX509v3CertificateBuilder(
                issuer,
                new BigInteger(127, random).setBit(126),
                Date.from(now.minus(SKEW)),
                Date.from(now.plus(VALID)),
                subject,
                keys.getPublic());
        builder.addExtension(Extension.basicConstraints, true, new BasicConstraints(authority));
        // QEMU wants key encipherment of every certificate, whatever its key.
        int usage = authority ? KeyUsage.keyCertSign : KeyUsage.digitalSignature | KeyUsage.keyEncipherment;
        builder.addExtension(Extension.keyUsage, true, new KeyUsage(usage));
        return builder;
    }

    private static void purpose(JcaX509v3CertificateBuilder builder, KeyPurposeId purpose) throws IOException {
        builder.addExtension(Extension.extendedKeyUsage, false, new ExtendedKeyUsage(purpose));
    }

    private X509Certificate sign(KeyPair authority, JcaX509v3CertificateBuilder builder)
            throws OperatorCreationException, GeneralSecurityException {
        var signer =
                new JcaContentSignerBuilder(SIGNATURE).setProvider(provider).build(authority.getPrivate());
        return new JcaX509CertificateConverter().getCertificate(builder.build(signer));
    }

    private void write(String role, X509Certificate root, X509Certificate certificate, KeyPair keys)
            throws IOException {
        Path target = directory.resolve(role);
        Files.createDirectories(
                target, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
        write(target.resolve(AUTHORITY_FILE), root);
        write(target.resolve(role + "-key.pem"), new JcaPKCS8Generator(keys.getPrivate(), null));
        write(target.resolve(role + "-cert.pem"), certificate);
    }

    private static void write(Path file, Object content) throws IOException {
        StringWriter text = new StringWriter();
        try (JcaPEMWriter pem = new JcaPEMWriter(text)) {
            pem.writeObject(content);
        }
        Path fresh = file.resolveSibling(file.getFileName() + ".new");
        Files.deleteIfExists(fresh);
        Files.createFile(fresh, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
        Files.writeString(fresh, text.toString());
        Files.move(fresh, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    }
}
