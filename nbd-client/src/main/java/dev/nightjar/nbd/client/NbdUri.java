package dev.nightjar.nbd.client;

import dev.nightjar.nbd.client.tls.TlsSettings;
import dev.nightjar.nbd.client.tls.TlsUse;
import java.nio.file.Path;
import java.util.StringJoiner;
import org.jspecify.annotations.Nullable;

/**
 * Where an export is: {@code nbd://host[:port]/export} or {@code nbd+unix:///export?socket=/path}, and the same as {@code nbds} with
 * TLS. Immutable. {@link #toString()} gives the URI back, in its canonical spelling. See the NBD URI specification.
 *
 * @param endpoint the server
 * @param export its name, may be empty
 * @param tls what the URI says about TLS, which is required then; null for {@code nbd} and {@code nbd+unix}
 */
public record NbdUri(
        Endpoint endpoint, String export, @Nullable Tls tls) {

    /** The port of NBD. */
    public static final int DEFAULT_PORT = 10809;

    /** Without TLS. */
    public NbdUri(Endpoint endpoint, String export) {
        this(endpoint, export, null);
    }

    /** A server's address. */
    public sealed interface Endpoint {

        /**
         * A host and a port.
         *
         * @param host a name or a literal address; IPv6 without brackets
         */
        record Tcp(String host, int port) implements Endpoint {}

        /**
         * A unix domain socket.
         *
         * @param socket absolute
         */
        record Unix(Path socket) implements Endpoint {}
    }

    /**
     * The parameters of a URI with TLS; each is null if the URI does not have it.
     *
     * @param certificates {@code tls-certificates}: a directory with ca-cert.pem, client-cert.pem and client-key.pem
     * @param hostName {@code tls-hostname}: whom the server's certificate is for
     * @param verifyPeer {@code tls-verify-peer}: whether that certificate is checked
     */
    public record Tls(
            @Nullable Path certificates,
            @Nullable String hostName,
            @Nullable Boolean verifyPeer) {}

    /**
     * Reads a URI.
     *
     * @throws NbdException {@link NbdErrorCode#INVALID_URI}, or {@link NbdErrorCode#UNSUPPORTED} for what other clients may be able
     *     to do, such as pre-shared keys or SSH
     */
    public static NbdUri parse(String uri) {
        return new NbdUriParser(uri).parse();
    }

    /** Another export of the same server. */
    public NbdUri withExport(String name) {
        return new NbdUri(endpoint, name, tls);
    }

    /** The settings with what this URI says about TLS; never below either of them. */
    TlsSettings over(TlsSettings settings) {
        if (tls == null) {
            return settings;
        }
        TlsSettings merged = settings.withUse(TlsUse.REQUIRED);
        if (tls.certificates != null) {
            merged = merged.withDirectory(tls.certificates);
        }
        if (tls.hostName != null) {
            merged = merged.withHostName(tls.hostName);
        }
        return tls.verifyPeer == null ? merged : merged.withVerifyPeer(tls.verifyPeer);
    }

    @Override
    public String toString() {
        String scheme = tls == null ? "nbd" : "nbds";
        StringJoiner query = new StringJoiner("&", "?", "").setEmptyValue("");
        String place = switch (endpoint) {
            case Endpoint.Tcp(String host, int port) ->
                "://" + (host.contains(":") ? "[" + host + "]" : host) + (port == DEFAULT_PORT ? "" : ":" + port) + "/";
            case Endpoint.Unix(Path socket) -> {
                query.add("socket=" + PercentCode.encode(socket.toString()));
                yield "+unix:///";
            }
        };
        if (tls != null) {
            if (tls.certificates != null) {
                query.add("tls-certificates=" + PercentCode.encode(tls.certificates.toString()));
            }
            if (tls.hostName != null) {
                query.add("tls-hostname=" + PercentCode.encode(tls.hostName));
            }
            if (tls.verifyPeer != null) {
                query.add("tls-verify-peer=" + (tls.verifyPeer ? 1 : 0));
            }
        }
        return scheme + place + PercentCode.encode(export) + query;
    }
}
