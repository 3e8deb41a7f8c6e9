package dev.nightjar.nbd.client;

import dev.nightjar.nbd.client.NbdUri.Endpoint;
import dev.nightjar.nbd.client.handshake.Handshake;
import dev.nightjar.nbd.client.tls.TlsContext;
import dev.nightjar.nbd.client.tls.TlsException;
import dev.nightjar.nbd.client.tls.TlsSettings;
import dev.nightjar.nbd.client.tls.TlsUse;
import dev.nightjar.nbd.client.transport.ConnectFailedException;
import dev.nightjar.nbd.client.transport.Link;
import dev.nightjar.nbd.client.transport.TimeLimitException;
import dev.nightjar.nbd.client.transport.TimeLimits;
import io.netty.channel.unix.DomainSocketAddress;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.net.UnknownHostException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** Connects to an endpoint: each address of a host in turn, in the caller's thread. */
final class Dial {

    private final NbdUri uri;
    private final TimeLimits limits;
    private final Failures failures;
    private final TlsUse encryption;
    private final @Nullable TlsContext tls;

    /**
     * Reads certificates, if TLS is wanted.
     *
     * @throws NbdException {@link NbdErrorCode#TLS_FAILED} if they cannot be read
     */
    Dial(NbdUri uri, NbdOptions options) {
        this.uri = uri;
        this.limits = options.timeouts().limits();
        this.failures = new Failures(uri);
        TlsSettings settings = uri.over(options.tls());
        this.encryption = settings.use();
        try {
            this.tls = encryption == TlsUse.NEVER ? null : TlsContext.of(settings, host(uri));
        } catch (TlsException e) {
            throw failures.translate(e);
        }
    }

    /** Whom a certificate is expected to be for: who answers at a socket is on this host. */
    private static String host(NbdUri uri) {
        return switch (uri.endpoint()) {
            case Endpoint.Tcp(String host, int _) -> host;
            case Endpoint.Unix _ -> "localhost";
        };
    }

    /** Connects, speaks a handshake that does not lead to transmission, and hangs up. */
    <T> T ask(Function<Handshake, T> question) {
        try (Link link = connect()) {
            return question.apply(handshake(link));
        } catch (RuntimeException e) {
            throw failures.translate(e);
        }
    }

    Handshake handshake(Link link) {
        return new Handshake(link.wire(), encryption);
    }

    Link connect() {
        @Nullable RuntimeException last = null;
        for (SocketAddress address : addresses()) {
            try {
                return Link.connect(address, limits, tls);
            } catch (ConnectFailedException | TimeLimitException e) {
                last = e;
            }
        }
        throw failures.translate(last == null ? new IllegalStateException("no address") : last);
    }

    private List<SocketAddress> addresses() {
        return switch (uri.endpoint()) {
            case Endpoint.Unix(Path socket) -> List.of(new DomainSocketAddress(socket.toFile()));
            case Endpoint.Tcp(String host, int port) -> {
                try {
                    yield Arrays.stream(InetAddress.getAllByName(host))
                            .<SocketAddress>map(address -> new InetSocketAddress(address, port))
                            .toList();
                } catch (UnknownHostException e) {
                    throw new NbdException(
                            NbdErrorCode.UNREACHABLE,
                            uri + ": the host name " + host + " is not known",
                            "Check the name in the URI and the name service.",
                            e);
                }
            }
        };
    }
}
