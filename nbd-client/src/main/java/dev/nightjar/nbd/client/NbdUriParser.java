package dev.nightjar.nbd.client;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.nightjar.nbd.client.NbdUri.Endpoint;
import dev.nightjar.nbd.protocol.Limits;
import java.net.URI;
import java.net.URISyntaxException;
import java.nio.file.Path;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** Reads an NBD URI, strictly: what is not understood is refused, never guessed. */
final class NbdUriParser {

    /** The operating system's limit for a socket's path, in bytes. */
    private static final int SOCKET_PATH_BYTES = 107;

    private static final String HINT = "Write nbd://host:port/export or nbd+unix:///export?socket=/path/to/socket.";

    private final String text;

    NbdUriParser(String text) {
        this.text = text;
    }

    NbdUri parse() {
        try {
            URI uri = new URI(text);
            String scheme = uri.getScheme() == null ? "" : uri.getScheme().toLowerCase(Locale.ROOT);
            if (uri.isOpaque() || uri.getRawFragment() != null) {
                throw invalid("it is not of the form scheme://…", null);
            }
            return switch (scheme) {
                case "nbd" -> new NbdUri(tcp(uri), export(uri));
                case "nbd+unix" -> new NbdUri(unix(uri), export(uri));
                case "nbds", "nbds+unix" ->
                    throw new NbdException(
                            NbdErrorCode.UNSUPPORTED,
                            "TLS is not supported yet: " + text,
                            "Use a unix socket, or nbd:// within a trusted network.",
                            null);
                default -> throw invalid("its scheme is not nbd or nbd+unix", null);
            };
        } catch (URISyntaxException | IllegalArgumentException e) {
            throw invalid(String.valueOf(e.getMessage()), e);
        }
    }

    private Endpoint tcp(URI uri) {
        if (uri.getRawQuery() != null) {
            throw invalid("nbd:// takes no parameters", null);
        }
        String authority = uri.getRawAuthority() == null ? "" : uri.getRawAuthority();
        if (authority.contains("@")) {
            throw invalid("user names are not used", null);
        }
        int colon = authority.lastIndexOf(':');
        boolean hasPort = colon > authority.lastIndexOf(']');
        String host = hasPort ? authority.substring(0, colon) : authority;
        int port = hasPort ? port(authority.substring(colon + 1)) : NbdUri.DEFAULT_PORT;
        if (host.startsWith("[") && host.endsWith("]")) {
            host = host.substring(1, host.length() - 1);
        }
        if (host.isEmpty()) {
            throw invalid("the host is missing", null);
        }
        return new Endpoint.Tcp(host, port);
    }

    private int port(String digits) {
        if (!digits.matches("[0-9]{1,5}") || Integer.parseInt(digits) < 1 || Integer.parseInt(digits) > 65535) {
            throw invalid("the port is not a number from 1 to 65535", null);
        }
        return Integer.parseInt(digits);
    }

    private Endpoint unix(URI uri) {
        if (uri.getRawAuthority() != null) {
            throw invalid("nbd+unix has no host: three slashes", null);
        }
        String query = uri.getRawQuery() == null ? "" : uri.getRawQuery();
        if (!query.startsWith("socket=") || query.contains("&")) {
            throw invalid("nbd+unix takes exactly the parameter socket", null);
        }
        Path socket = Path.of(PercentCode.decode(query.substring("socket=".length())));
        if (!socket.isAbsolute() || socket.toString().getBytes(UTF_8).length > SOCKET_PATH_BYTES) {
            throw invalid("the socket is not an absolute path of at most " + SOCKET_PATH_BYTES + " bytes", null);
        }
        return new Endpoint.Unix(socket);
    }

    private String export(URI uri) {
        String path = uri.getRawPath() == null ? "" : uri.getRawPath();
        String export = PercentCode.decode(path.startsWith("/") ? path.substring(1) : path);
        if (export.getBytes(UTF_8).length > Limits.TEXT_BYTES || export.indexOf(0) >= 0) {
            throw invalid("the export's name is not one that NBD can carry", null);
        }
        return export;
    }

    private NbdException invalid(String why, @Nullable Throwable cause) {
        return new NbdException(NbdErrorCode.INVALID_URI, "not an NBD URI, " + why + ": " + text, HINT, cause);
    }
}
