package dev.nightjar.service.export.endpoint;

import dev.nightjar.nbd.server.tls.TlsCredentials;
import dev.nightjar.nbd.server.tls.TlsPolicy;
import dev.nightjar.service.config.NightjarProperties;
import dev.nightjar.service.config.NightjarProperties.NbdProperties;
import dev.nightjar.service.config.NightjarProperties.TlsMode;
import dev.nightjar.service.error.NightjarException;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.bouncycastle.asn1.x509.GeneralName;
import org.bouncycastle.util.IPAddress;
import org.jspecify.annotations.Nullable;

/** Decides from the settings how the server encrypts, and sees to it that there are certificates. Used by one thread. */
final class ServerTls {

    private static final Duration RENEW_BEFORE_END = Duration.ofDays(30);

    private final NbdProperties settings;
    private final Path own;
    private final InetAddress address;
    private final Clock clock;

    ServerTls(NightjarProperties properties, InetAddress address, Clock clock) {
        this.settings = properties.nbd();
        this.own = properties.data().resolve("tls");
        this.address = address;
        this.clock = clock;
    }

    /** What is set, or what fits the address: beyond loopback nobody is served without encryption unless an operator wants it so. */
    TlsMode mode() {
        TlsMode set = settings.tls();
        return set != null ? set : address.isLoopbackAddress() ? TlsMode.OFF : TlsMode.REQUIRED;
    }

    /** Where clients find their certificates, if they are ours; null if they are the operator's business. */
    @Nullable
    Path clientDirectory() {
        return settings.certificate() == null ? own.resolve(CertificateAuthority.CLIENT) : null;
    }

    /**
     * The policy, with files that exist.
     *
     * @throws NightjarException NBD_TLS_INVALID
     */
    TlsPolicy policy() {
        return switch (mode()) {
            case OFF -> new TlsPolicy.Off();
            case OPTIONAL -> new TlsPolicy.Offered(credentials());
            case REQUIRED -> new TlsPolicy.Required(credentials());
        };
    }

    private TlsCredentials credentials() {
        Path certificate = settings.certificate();
        Path key = settings.privateKey();
        if (certificate != null && key != null) {
            return new TlsCredentials(certificate, key, settings.clientAuthority());
        }
        if (certificate != null || key != null) {
            throw invalid("only one of nightjar.nbd.certificate and nightjar.nbd.private-key is set", null);
        }
        Path server = own.resolve(CertificateAuthority.SERVER);
        Path authority = server.resolve(CertificateAuthority.AUTHORITY_FILE);
        Path chain = server.resolve("server-cert.pem");
        try {
            List<String> names = names();
            if (!isGood(chain, names)) {
                new CertificateAuthority(own, clock)
                        .issue(names.stream().map(ServerTls::generalName).toList());
            }
        } catch (IOException | GeneralSecurityException e) {
            throw invalid("certificates could not be made in " + own + ": " + e.getMessage(), e);
        }
        Path clients = settings.clientAuthority();
        return new TlsCredentials(chain, server.resolve("server-key.pem"), clients == null ? authority : clients);
    }

    private boolean isGood(Path chain, List<String> names) throws IOException, GeneralSecurityException {
        if (!Files.exists(chain)
                || !Files.exists(own.resolve(CertificateAuthority.CLIENT).resolve("client-cert.pem"))) {
            return false;
        }
        try (InputStream pem = Files.newInputStream(chain)) {
            X509Certificate certificate =
                    (X509Certificate) CertificateFactory.getInstance("X.509").generateCertificate(pem);
            boolean lasts = certificate
                    .getNotAfter()
                    .toInstant()
                    .isAfter(clock.instant().plus(RENEW_BEFORE_END));
            return lasts && named(certificate).containsAll(names);
        }
    }

    private static Set<String> named(X509Certificate certificate) throws GeneralSecurityException {
        Set<String> named = new HashSet<>();
        Collection<List<?>> all = certificate.getSubjectAlternativeNames();
        if (all != null) {
            all.forEach(name -> named.add(canonical(String.valueOf(name.get(1)))));
        }
        return named;
    }

    private List<String> names() throws UnknownHostException {
        Set<String> names = new LinkedHashSet<>(List.of("localhost", "127.0.0.1", "::1"));
        if (!address.isAnyLocalAddress()) {
            names.add(address.getHostAddress());
        }
        names.add(hostName());
        names.addAll(settings.names());
        List<String> canonical = new ArrayList<>();
        for (String name : names) {
            canonical.add(canonical(name));
        }
        return canonical;
    }

    static String hostName() throws UnknownHostException {
        return InetAddress.getLocalHost().getHostName();
    }

    private static String canonical(String name) {
        if (!IPAddress.isValid(name)) {
            return name;
        }
        // Of an address this asks nobody.
        try {
            return InetAddress.getByName(name).getHostAddress();
        } catch (UnknownHostException e) {
            return name;
        }
    }

    private static GeneralName generalName(String name) {
        return new GeneralName(IPAddress.isValid(name) ? GeneralName.iPAddress : GeneralName.dNSName, name);
    }

    private static NightjarException invalid(String message, @Nullable Exception cause) {
        String hint = "Set both PEM files, or neither, and see that the service's user can read and write them.";
        return cause == null
                ? new NightjarException("NBD_TLS_INVALID", message, hint)
                : new NightjarException("NBD_TLS_INVALID", message, hint, cause);
    }
}
