package dev.nightjar.nbd.server;

import dev.nightjar.nbd.protocol.Limits;
import dev.nightjar.nbd.server.tls.TlsPolicy;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.net.UnixDomainSocketAddress;
import java.time.Duration;
import java.util.List;

/**
 * Where and how to serve. Immutable; begin with {@link #defaults()}.
 *
 * @param listen {@link InetSocketAddress} (port 0: any free one) or {@link UnixDomainSocketAddress}, at least one
 * @param tls whether connections are encrypted
 * @param maxClients connections at a time; one more is closed at once
 * @param handshakeTimeout until a client has chosen its export; then it is closed
 * @param stallTimeout how long a client may take no reply, and how long one request's payload may take; then it is closed
 * @param shutdownGrace how long requests that were begun may take when the server, or an export, is closed
 * @param maxInFlight requests of one connection that are served at a time; what it sends beyond waits in its socket
 * @param memoryBytes data of requests and replies that all connections together may hold; what exceeds it waits. At least the
 *     largest request plus its answer: 64 MiB.
 */
public record NbdServerOptions(
        List<SocketAddress> listen,
        TlsPolicy tls,
        int maxClients,
        Duration handshakeTimeout,
        Duration stallTimeout,
        Duration shutdownGrace,
        int maxInFlight,
        long memoryBytes) {

    /** The port that is registered for NBD. */
    public static final int DEFAULT_PORT = 10809;

    static final long LARGEST_REQUEST_BYTES = Limits.DEFAULT_PAYLOAD_BYTES;
    private static final long LEAST_MEMORY_BYTES = 2 * LARGEST_REQUEST_BYTES;

    public NbdServerOptions {
        listen = List.copyOf(listen);
        if (listen.isEmpty()) {
            throw new IllegalArgumentException("an address to listen on is needed");
        }
        if (maxClients < 1 || maxInFlight < 1 || memoryBytes < LEAST_MEMORY_BYTES) {
            throw new IllegalArgumentException(
                    "at least one client, one request in flight and %d bytes of memory are needed"
                            .formatted(LEAST_MEMORY_BYTES));
        }
        if (!handshakeTimeout.isPositive() || !stallTimeout.isPositive() || shutdownGrace.isNegative()) {
            throw new IllegalArgumentException("time limits must be positive");
        }
    }

    /** The registered port of the loopback interface, no TLS, 64 clients, 16 requests each, 256 MiB. */
    public static NbdServerOptions defaults() {
        return new NbdServerOptions(
                List.of(new InetSocketAddress(InetAddress.getLoopbackAddress(), DEFAULT_PORT)),
                new TlsPolicy.Off(),
                64,
                Duration.ofSeconds(10),
                Duration.ofSeconds(60),
                Duration.ofSeconds(5),
                16,
                256L << 20);
    }

    public NbdServerOptions withListen(SocketAddress... addresses) {
        return new NbdServerOptions(
                List.of(addresses),
                tls,
                maxClients,
                handshakeTimeout,
                stallTimeout,
                shutdownGrace,
                maxInFlight,
                memoryBytes);
    }

    public NbdServerOptions withTls(TlsPolicy policy) {
        return new NbdServerOptions(
                listen, policy, maxClients, handshakeTimeout, stallTimeout, shutdownGrace, maxInFlight, memoryBytes);
    }

    public NbdServerOptions withMaxClients(int clients) {
        return new NbdServerOptions(
                listen, tls, clients, handshakeTimeout, stallTimeout, shutdownGrace, maxInFlight, memoryBytes);
    }

    public NbdServerOptions withTimeouts(Duration handshake, Duration stall, Duration grace) {
        return new NbdServerOptions(listen, tls, maxClients, handshake, stall, grace, maxInFlight, memoryBytes);
    }

    public NbdServerOptions withMaxInFlight(int requests) {
        return new NbdServerOptions(
                listen, tls, maxClients, handshakeTimeout, stallTimeout, shutdownGrace, requests, memoryBytes);
    }

    public NbdServerOptions withMemoryBytes(long bytes) {
        return new NbdServerOptions(
                listen, tls, maxClients, handshakeTimeout, stallTimeout, shutdownGrace, maxInFlight, bytes);
    }
}
