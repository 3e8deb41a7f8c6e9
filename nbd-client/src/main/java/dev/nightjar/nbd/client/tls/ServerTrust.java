package dev.nightjar.nbd.client.tls;

import java.net.Socket;
import java.security.cert.CertPathValidatorException;
import java.security.cert.CertPathValidatorException.BasicReason;
import java.security.cert.CertificateException;
import java.security.cert.CertificateExpiredException;
import java.security.cert.CertificateNotYetValidException;
import java.security.cert.X509Certificate;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.X509ExtendedTrustManager;
import org.jspecify.annotations.Nullable;

/**
 * Checks the server's certificates with the Java runtime's rules, first the chain and then, by itself, the name: so a wrong name is
 * told from a wrong chain without reading anybody's messages. Thread-safe.
 */
final class ServerTrust extends X509ExtendedTrustManager {

    private final X509ExtendedTrustManager rules;

    ServerTrust(X509ExtendedTrustManager rules) {
        this.rules = rules;
    }

    /** The certificate was refused, and why. */
    static final class RejectedException extends CertificateException {

        private static final long serialVersionUID = 1L;

        private final TlsFailure failure;

        RejectedException(TlsFailure failure, CertificateException cause) {
            super(cause.getMessage(), cause);
            this.failure = failure;
        }

        TlsFailure failure() {
            return failure;
        }
    }

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String authType, SSLEngine engine)
            throws CertificateException {
        checkServerTrusted(chain, authType);
        try {
            rules.checkServerTrusted(chain, authType, engine);
        } catch (CertificateException e) {
            throw new RejectedException(TlsFailure.NAME_MISMATCH, e);
        }
    }

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String authType) throws CertificateException {
        try {
            rules.checkServerTrusted(chain, authType);
        } catch (CertificateException e) {
            throw new RejectedException(reason(e), e);
        }
    }

    private static TlsFailure reason(CertificateException refused) {
        for (Throwable cause = refused; cause != null; cause = cause.getCause()) {
            switch (cause) {
                case CertificateExpiredException _ -> {
                    return TlsFailure.EXPIRED;
                }
                case CertificateNotYetValidException _ -> {
                    return TlsFailure.NOT_YET_VALID;
                }
                case CertPathValidatorException e
                when e.getReason() == BasicReason.EXPIRED -> {
                    return TlsFailure.EXPIRED;
                }
                case CertPathValidatorException e
                when e.getReason() == BasicReason.NOT_YET_VALID -> {
                    return TlsFailure.NOT_YET_VALID;
                }
                default -> {
                    // Look deeper.
                }
            }
        }
        return TlsFailure.UNTRUSTED;
    }

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String authType, Socket socket)
            throws CertificateException {
        throw new CertificateException("sockets are not used");
    }

    @Override
    public void checkClientTrusted(X509Certificate[] chain, String authType, @Nullable Socket socket)
            throws CertificateException {
        throw new CertificateException("this is a client");
    }

    @Override
    public void checkClientTrusted(X509Certificate[] chain, String authType, @Nullable SSLEngine engine)
            throws CertificateException {
        throw new CertificateException("this is a client");
    }

    @Override
    public void checkClientTrusted(X509Certificate[] chain, String authType) throws CertificateException {
        throw new CertificateException("this is a client");
    }

    @Override
    public X509Certificate[] getAcceptedIssuers() {
        return rules.getAcceptedIssuers();
    }
}
