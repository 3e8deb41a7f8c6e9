package dev.nightjar.nbd.client;

import java.nio.file.Path;

/**
 * Where an export is: {@code nbd://host[:port]/export} or {@code nbd+unix:///export?socket=/path}. Immutable. {@link #toString()}
 * gives the URI back, in its canonical spelling.
 *
 * @param endpoint the server
 * @param export its name, may be empty
 */
public record NbdUri(Endpoint endpoint, String export) {

    /** The port of NBD. */
    public static final int DEFAULT_PORT = 10809;

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
     * Reads a URI.
     *
     * @throws NbdException {@link NbdErrorCode#INVALID_URI}, or {@link NbdErrorCode#UNSUPPORTED} for TLS
     */
    public static NbdUri parse(String uri) {
        return new NbdUriParser(uri).parse();
    }

    /** Another export of the same server. */
    public NbdUri withExport(String name) {
        return new NbdUri(endpoint, name);
    }

    @Override
    public String toString() {
        return switch (endpoint) {
            case Endpoint.Tcp(String host, int port) ->
                "nbd://" + (host.contains(":") ? "[" + host + "]" : host)
                        + (port == DEFAULT_PORT ? "" : ":" + port)
                        + "/"
                        + PercentCode.encode(export);
            case Endpoint.Unix(Path socket) ->
                "nbd+unix:///" + PercentCode.encode(export) + "?socket=" + PercentCode.encode(socket.toString());
        };
    }
}
