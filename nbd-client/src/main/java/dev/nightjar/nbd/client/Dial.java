package dev.nightjar.nbd.client;

import dev.nightjar.nbd.client.NbdUri.Endpoint;
import dev.nightjar.nbd.client.handshake.Handshake;
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

    Dial(NbdUri uri, TimeLimits limits) {
        this.uri = uri;
        this.limits = limits;
        this.failures = new Failures(uri);
    }

    /** Connects, speaks a handshake that does not lead to transmission, and hangs up. */
    <T> T ask(Function<Handshake, T> question) {
        try (Link link = connect()) {
            return question.apply(new Handshake(link.wire()));
        } catch (RuntimeException e) {
            throw failures.translate(e);
        }
    }

    Link connect() {
        @Nullable RuntimeException last = null;
        for (SocketAddress address : addresses()) {
            try {
                return Link.connect(address, limits);
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
