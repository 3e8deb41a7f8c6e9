package dev.nightjar.nbd.client;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.nightjar.nbd.client.NbdUri.Endpoint;
import dev.nightjar.nbd.protocol.Limits;
import java.net.URI;
import java.net.URISyntaxException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Reads an NBD URI, strictly: what is not understood is refused, never guessed. */
final class NbdUriParser {

    /** The operating system's limit for a socket's path, in bytes. */
    private static final int SOCKET_PATH_BYTES = 107;

    /** Longer than any that is needed: a name, a path and some escapes. */
    private static final int CHARACTERS_LIMIT = 16 * 1024;

    /** A name never begins like an option: it may end up in somebody's command line (CVE-2025-14946). */
    private static final String HOST_NAME = "[A-Za-z0-9_][A-Za-z0-9._-]{0,252}";

    private static final String ADDRESS_V6 = "[0-9A-Fa-f:.]{2,45}(%[A-Za-z0-9._-]{1,32})?";

    /** Schemes of other NBD clients. */
    private static final Set<String> ELSEWHERE = Set.of("nbd+ssh", "nbds+ssh", "nbd+vsock", "nbds+vsock");

    private static final Set<String> PARAMETERS_ELSEWHERE = Set.of("tls-psk-file", "tls-username", "tls-priority");

    private static final String HINT =
            "Write nbd://host:port/export or nbd+unix:///export?socket=/path/to/socket; nbds for TLS.";

    private final String text;

    NbdUriParser(String text) {
        this.text = text;
    }

    NbdUri parse() {
        if (text.length() > CHARACTERS_LIMIT) {
            throw new NbdException(
                    NbdErrorCode.INVALID_URI, "not an NBD URI, it has " + text.length() + " characters", HINT, null);
        }
        try {
            URI uri = new URI(text);
            String scheme = uri.getScheme() == null ? "" : uri.getScheme().toLowerCase(Locale.ROOT);
            if (uri.isOpaque() || uri.getRawFragment() != null) {
                throw invalid("it is not of the form scheme://…", null);
            }
            Map<String, String> parameters = parameters(uri);
            NbdUri parsed = switch (scheme) {
                case "nbd" -> new NbdUri(tcp(uri), export(uri));
                case "nbds" -> new NbdUri(tcp(uri), export(uri), tls(parameters));
                case "nbd+unix" -> new NbdUri(unix(uri, parameters), export(uri));
                case "nbds+unix" -> new NbdUri(unix(uri, parameters), export(uri), tls(parameters));
                default -> throw foreign(scheme);
            };
            parameters.keySet().stream().sorted().findFirst().ifPresent(left -> {
                throw invalid(
                        left.startsWith("tls-")
                                ? left + " is a matter of nbds and nbds+unix only"
                                : "the parameter " + left + " is not known",
                        null);
            });
            return parsed;
        } catch (URISyntaxException | IllegalArgumentException e) {
            throw invalid(String.valueOf(e.getMessage()), e);
        }
    }

    private NbdException foreign(String scheme) {
        return ELSEWHERE.contains(scheme)
                ? unsupported("its scheme is " + scheme)
                : invalid("its scheme is not nbd, nbds, nbd+unix or nbds+unix", null);
    }

    /** Decoded; each reader takes out what it understands. */
    private Map<String, String> parameters(URI uri) {
        Map<String, String> parameters = new LinkedHashMap<>();
        if (uri.getRawQuery() == null) {
            return parameters;
        }
        for (String each : uri.getRawQuery().split("&", -1)) {
            int equals = each.indexOf('=');
            if (equals < 1) {
                throw invalid("'" + each + "' is not a parameter with a value", null);
            }
            String name = each.substring(0, equals);
            if (PARAMETERS_ELSEWHERE.contains(name)) {
                throw unsupported("it has the parameter " + name);
            }
            if (parameters.put(name, PercentCode.decode(each.substring(equals + 1))) != null) {
                throw invalid("it has the parameter " + name + " twice", null);
            }
        }
        return parameters;
    }

    private Endpoint tcp(URI uri) {
        String authority = uri.getRawAuthority() == null ? "" : uri.getRawAuthority();
        if (authority.contains("@")) {
            throw invalid("user names are not used", null);
        }
        int colon = authority.lastIndexOf(':');
        boolean hasPort = colon > authority.lastIndexOf(']');
        String host = hasPort ? authority.substring(0, colon) : authority;
        int port = hasPort ? port(authority.substring(colon + 1)) : NbdUri.DEFAULT_PORT;
        if (host.isEmpty()) {
            throw invalid("the host is missing", null);
        }
        if (host.startsWith("[") && host.endsWith("]")) {
            String address = host.substring(1, host.length() - 1);
            if (!address.matches(ADDRESS_V6)) {
                throw invalid("what is in brackets is no IPv6 address", null);
            }
            return new Endpoint.Tcp(address, port);
        }
        if (!host.matches(HOST_NAME)) {
            throw invalid("the host is neither a name nor an address", null);
        }
        return new Endpoint.Tcp(host, port);
    }

    private int port(String digits) {
        if (!digits.matches("[0-9]{1,5}") || Integer.parseInt(digits) < 1 || Integer.parseInt(digits) > 65535) {
            throw invalid("the port is not a number from 1 to 65535", null);
        }
        return Integer.parseInt(digits);
    }

    private Endpoint unix(URI uri, Map<String, String> parameters) {
        if (uri.getRawAuthority() != null) {
            throw invalid("a socket has no host: three slashes", null);
        }
        String path = parameters.remove("socket");
        if (path == null) {
            throw invalid("the parameter socket is missing", null);
        }
        Path socket = Path.of(path);
        if (!socket.isAbsolute() || path.getBytes(UTF_8).length > SOCKET_PATH_BYTES) {
            throw invalid("the socket is not an absolute path of at most " + SOCKET_PATH_BYTES + " bytes", null);
        }
        return new Endpoint.Unix(socket);
    }

    private NbdUri.Tls tls(Map<String, String> parameters) {
        String type = parameters.remove("tls-type");
        if (type != null && !type.equals("x509")) {
            throw unsupported("it wants TLS with tls-type=" + type);
        }
        String hostName = parameters.remove("tls-hostname");
        if (hostName != null && !hostName.matches(HOST_NAME) && !hostName.matches(ADDRESS_V6)) {
            throw invalid("tls-hostname is neither a name nor an address", null);
        }
        String directory = parameters.remove("tls-certificates");
        if (directory != null && !Path.of(directory).isAbsolute()) {
            throw invalid("tls-certificates is not an absolute path", null);
        }
        String verify = parameters.remove("tls-verify-peer");
        return new NbdUri.Tls(
                directory == null ? null : Path.of(directory),
                hostName,
                verify == null
                        ? null
                        : switch (verify) {
                            case "1", "true" -> true;
                            case "0", "false" -> false;
                            default -> throw invalid("tls-verify-peer is neither 0 nor 1", null);
                        });
    }

    private String export(URI uri) {
        String path = uri.getRawPath() == null ? "" : uri.getRawPath();
        String export = PercentCode.decode(path.startsWith("/") ? path.substring(1) : path);
        if (export.getBytes(UTF_8).length > Limits.TEXT_BYTES || export.indexOf(0) >= 0) {
            throw invalid("the export's name is not one that NBD can carry", null);
        }
        return export;
    }

    private NbdException unsupported(String what) {
        return new NbdException(
                NbdErrorCode.UNSUPPORTED,
                what + ", which Nightjar does not speak: " + shown(),
                "Use TLS with certificates (nbds://), a unix socket, or a tunnel.",
                null);
    }

    private NbdException invalid(String why, @Nullable Throwable cause) {
        return new NbdException(NbdErrorCode.INVALID_URI, "not an NBD URI, " + why + ": " + shown(), HINT, cause);
    }

    /** What people typed goes into logs and pages. */
    private String shown() {
        return text.replaceAll("\\p{Cntrl}", "?");
    }
}
