package dev.nightjar.nbd.client.tls;

import java.net.Socket;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.Principal;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.Signature;
import java.security.cert.X509Certificate;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.X509ExtendedKeyManager;
import org.jspecify.annotations.Nullable;

/** Shows our certificate to a server that asks, if we have one, and remembers that it asked. Thread-safe. */
final class OwnCertificate extends X509ExtendedKeyManager {

    private static final String ALIAS = "own";

    private final X509Certificate[] chain;
    private final @Nullable PrivateKey key;
    private volatile boolean asked;

    OwnCertificate(X509Certificate[] chain, @Nullable PrivateKey key) {
        this.chain = chain.clone();
        this.key = key;
    }

    /**
     * Reads it, if the settings name one.
     *
     * @throws TlsException SETTINGS
     */
    static OwnCertificate of(TlsSettings settings) {
        Path certificate = settings.certificate();
        Path keyFile = settings.key();
        if (certificate == null || keyFile == null) {
            return new OwnCertificate(new X509Certificate[0], null);
        }
        X509Certificate[] chain = PemFiles.certificates(certificate).toArray(X509Certificate[]::new);
        PrivateKey key = PemFiles.key(keyFile);
        if (!belongTogether(chain[0].getPublicKey(), key)) {
            throw new TlsException(TlsFailure.SETTINGS, keyFile + " is not the key of " + certificate, null);
        }
        return new OwnCertificate(chain, key);
    }

    private static boolean belongTogether(PublicKey published, PrivateKey key) {
        try {
            Signature signature = Signature.getInstance(
                    switch (key.getAlgorithm()) {
                        case "RSA" -> "SHA256withRSA";
                        case "EC", "ECDSA" -> "SHA256withECDSA";
                        default -> key.getAlgorithm();
                    });
            signature.initSign(key);
            signature.update((byte) 1);
            byte[] signed = signature.sign();
            signature.initVerify(published);
            signature.update((byte) 1);
            return signature.verify(signed);
        } catch (GeneralSecurityException e) {
            return false;
        }
    }

    /** Whether a server asked for it. */
    boolean asked() {
        return asked;
    }

    boolean present() {
        return key != null;
    }

    @Override
    public @Nullable String chooseEngineClientAlias(
            String[] keyTypes, Principal @Nullable [] issuers, SSLEngine engine) {
        asked = true;
        // Whatever authorities the server lists: it knows best whether it accepts ours, and says so.
        return present() ? ALIAS : null;
    }

    @Override
    public @Nullable String chooseClientAlias(
            String[] keyTypes, Principal @Nullable [] issuers, @Nullable Socket socket) {
        asked = true;
        return present() ? ALIAS : null;
    }

    @Override
    public String @Nullable [] getClientAliases(String keyType, Principal @Nullable [] issuers) {
        return present() ? new String[] {ALIAS} : null;
    }

    @Override
    public X509Certificate @Nullable [] getCertificateChain(String alias) {
        return present() ? chain.clone() : null;
    }

    @Override
    public @Nullable PrivateKey getPrivateKey(String alias) {
        return key;
    }

    @Override
    public String @Nullable [] getServerAliases(String keyType, Principal @Nullable [] issuers) {
        return null;
    }

    @Override
    public @Nullable String chooseServerAlias(String keyType, Principal @Nullable [] issuers, @Nullable Socket socket) {
        return null;
    }
}
