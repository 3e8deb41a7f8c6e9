package dev.nightjar.nbd.server.tls;

import io.netty.handler.ssl.ClientAuth;
import io.netty.handler.ssl.OpenSsl;
import io.netty.handler.ssl.SslContext;
import io.netty.handler.ssl.SslContextBuilder;
import io.netty.handler.ssl.SslProvider;
import io.netty.util.ReferenceCountUtil;
import java.nio.file.Path;
import javax.net.ssl.SSLException;
import org.jspecify.annotations.Nullable;

/**
 * A policy with its files read. TLS 1.2 and 1.3; BoringSSL where its native library is present, which encrypts faster, else the JDK's.
 *
 * @param context null exactly if the policy is {@link TlsPolicy.Off}
 */
public record TlsSetup(TlsPolicy policy, @Nullable SslContext context) implements AutoCloseable {

    /**
     * Reads the files.
     *
     * @throws IllegalArgumentException naming the files, if they cannot be used
     */
    public static TlsSetup of(TlsPolicy policy) {
        return switch (policy) {
            case TlsPolicy.Off _ -> new TlsSetup(policy, null);
            case TlsPolicy.Offered(TlsCredentials credentials) -> new TlsSetup(policy, read(credentials));
            case TlsPolicy.Required(TlsCredentials credentials) -> new TlsSetup(policy, read(credentials));
        };
    }

    private static SslContext read(TlsCredentials credentials) {
        try {
            SslContextBuilder builder = SslContextBuilder.forServer(
                            credentials.certificateChain().toFile(),
                            credentials.privateKey().toFile())
                    .sslProvider(OpenSsl.isAvailable() ? SslProvider.OPENSSL_REFCNT : SslProvider.JDK)
                    .protocols("TLSv1.3", "TLSv1.2");
            Path authority = credentials.clientAuthority();
            if (authority != null) {
                builder.trustManager(authority.toFile()).clientAuth(ClientAuth.REQUIRE);
            }
            return builder.build();
        } catch (SSLException | IllegalArgumentException e) {
            throw new IllegalArgumentException(
                    "TLS cannot be set up with %s: %s. Certificates and key have to be PEM, and the key PKCS#8, not encrypted (openssl pkcs8 -topk8 -nocrypt)."
                            .formatted(credentials, e.getMessage()),
                    e);
        }
    }

    /** Gives back what the native library holds, if it is used. Once, after the last connection. */
    @Override
    public void close() {
        ReferenceCountUtil.release(context);
    }
}
