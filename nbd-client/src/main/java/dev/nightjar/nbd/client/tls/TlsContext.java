package dev.nightjar.nbd.client.tls;

import dev.nightjar.nbd.protocol.Violation;
import dev.nightjar.nbd.protocol.ViolationException;
import io.netty.buffer.ByteBufAllocator;
import io.netty.handler.ssl.SslContext;
import io.netty.handler.ssl.SslContextBuilder;
import io.netty.handler.ssl.SslHandler;
import io.netty.handler.ssl.util.InsecureTrustManagerFactory;
import java.io.IOException;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.X509Certificate;
import java.util.List;
import java.util.Locale;
import javax.net.ssl.SSLException;
import javax.net.ssl.TrustManager;
import javax.net.ssl.TrustManagerFactory;
import javax.net.ssl.X509ExtendedTrustManager;
import org.jspecify.annotations.Nullable;

/** Settings with their files read: makes the handlers of a client's connections, and names what went wrong in them. Thread-safe. */
public final class TlsContext {

    private final SslContext context;
    private final OwnCertificate own;
    private final String hostName;

    private TlsContext(SslContext context, OwnCertificate own, String hostName) {
        this.context = context;
        this.own = own;
        this.hostName = hostName;
    }

    /**
     * Reads the files.
     *
     * @param host whom the server's certificate has to be for, unless the settings say otherwise
     * @throws TlsException SETTINGS
     */
    public static TlsContext of(TlsSettings settings, String host) {
        OwnCertificate own = OwnCertificate.of(settings);
        String name = settings.hostName() == null ? host : settings.hostName();
        SslContextBuilder builder =
                SslContextBuilder.forClient().protocols("TLSv1.3", "TLSv1.2").keyManager(own);
        try {
            if (settings.verifyPeer()) {
                builder.trustManager(new ServerTrust(rules(settings.authorities())))
                        .endpointIdentificationAlgorithm("HTTPS");
            } else {
                builder.trustManager(InsecureTrustManagerFactory.INSTANCE).endpointIdentificationAlgorithm(null);
            }
            return new TlsContext(builder.build(), own, name);
        } catch (SSLException | GeneralSecurityException e) {
            throw new TlsException(TlsFailure.SETTINGS, "TLS cannot be set up: " + e.getMessage(), e);
        }
    }

    /** The Java runtime's rules, with these authorities or its own. */
    private static X509ExtendedTrustManager rules(@Nullable Path authorities) throws GeneralSecurityException {
        TrustManagerFactory factory = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
        factory.init(authorities == null ? null : store(PemFiles.certificates(authorities)));
        for (TrustManager each : factory.getTrustManagers()) {
            if (each instanceof X509ExtendedTrustManager rules) {
                return rules;
            }
        }
        throw new GeneralSecurityException("the Java runtime has no rules for certificates");
    }

    private static KeyStore store(List<X509Certificate> certificates) throws GeneralSecurityException {
        KeyStore store = KeyStore.getInstance(KeyStore.getDefaultType());
        try {
            store.load(null, null);
        } catch (IOException e) {
            throw new GeneralSecurityException(e);
        }
        for (X509Certificate each : certificates) {
            store.setCertificateEntry("authority-" + store.size(), each);
        }
        return store;
    }

    /** A handler for one connection. */
    public SslHandler handler(ByteBufAllocator allocator) {
        return context.newHandler(allocator, hostName, -1);
    }

    /**
     * What it means if the server hangs up before it says anything under TLS: QEMU does so, without an alert, to clients whose
     * certificate it misses or does not like. Null if it did not ask for one.
     */
    public @Nullable TlsException explainSilence() {
        if (!own.asked()) {
            return null;
        }
        return own.present()
                ? new TlsException(
                        TlsFailure.CLIENT_CERTIFICATE_REFUSED,
                        "the server closed the connection when it had seen our certificate",
                        null)
                : new TlsException(
                        TlsFailure.CLIENT_CERTIFICATE_REQUIRED,
                        "the server asked for a certificate, got none, and closed the connection",
                        null);
    }

    /** Names a failure of the handshake, or of the first exchange after it, in which TLS 1.3 reports a refused client. */
    public RuntimeException explain(Throwable failure) {
        if (TlsRecords.missing(failure)) {
            return new ViolationException(Violation.TLS_IN_PLAIN, "something else came");
        }
        for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
            if (cause instanceof ServerTrust.RejectedException rejected) {
                return new TlsException(
                        rejected.failure(),
                        "the certificate of %s was refused: %s".formatted(hostName, rejected.getMessage()),
                        failure);
            }
        }
        TlsFailure kind = alert(String.valueOf(failure.getMessage()).toUpperCase(Locale.ROOT));
        return new TlsException(
                kind, "the TLS handshake with %s failed: %s".formatted(hostName, failure.getMessage()), failure);
    }

    /** Alerts are known by their names in RFC 8446, section 6, which every TLS library puts in its messages. */
    private TlsFailure alert(String message) {
        if (message.contains("CERTIFICATE_REQUIRED") || (own.asked() && !own.present())) {
            return TlsFailure.CLIENT_CERTIFICATE_REQUIRED;
        }
        if (message.contains("CERTIFICATE") || message.contains("UNKNOWN_CA") || message.contains("ACCESS_DENIED")) {
            return TlsFailure.CLIENT_CERTIFICATE_REFUSED;
        }
        if (message.contains("PROTOCOL_VERSION")
                || message.contains("UNSUPPORTED_PROTOCOL")
                || message.contains("PROTOCOL VERSION")) {
            return TlsFailure.VERSION;
        }
        return TlsFailure.HANDSHAKE;
    }
}
