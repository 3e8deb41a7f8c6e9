package dev.nightjar.service.export.endpoint;

import dev.nightjar.nbd.server.NbdServer;
import dev.nightjar.nbd.server.NbdServerOptions;
import dev.nightjar.nbd.server.export.Export;
import dev.nightjar.nbd.server.export.ExportStatistics;
import dev.nightjar.service.config.NightjarProperties;
import dev.nightjar.service.config.NightjarProperties.TlsMode;
import dev.nightjar.service.error.NightjarException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.net.UnixDomainSocketAddress;
import java.net.UnknownHostException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.http.HttpStatus;
import org.springframework.stereotype.Component;

/** The NBD server: listens from the first export on. Thread-safe. */
@Component
public class NbdEndpoint {

    private static final Logger LOG = LoggerFactory.getLogger(NbdEndpoint.class);

    /** The longest path of a Unix socket on Linux, in bytes. */
    private static final int SOCKET_PATH_BYTES = 107;

    private final NightjarProperties properties;
    private final Clock clock;
    private volatile @Nullable Running running;

    private record Running(NbdServer server, List<NbdAddress> addresses) {}

    NbdEndpoint(NightjarProperties properties, Clock clock) {
        this.properties = properties;
        this.clock = clock;
    }

    /**
     * Offers an export, and begins to listen if this is the first.
     *
     * @throws NightjarException NBD_ADDRESS_UNAVAILABLE, NBD_TLS_INVALID; it can be tried again then
     */
    public synchronized void add(Export export) {
        Running open = running;
        if (open == null) {
            open = start();
            running = open;
        }
        open.server.exports().add(export);
    }

    /** Offers an export no longer; its clients are told, and gone when this returns. Does nothing if it is not offered. */
    public void remove(String name) {
        Running open = running;
        if (open != null) {
            open.server.exports().remove(name);
        }
    }

    /** What an export has done; empty if it is not offered. */
    public Optional<ExportStatistics> statistics(String name) {
        return Optional.ofNullable(running)
                .flatMap(open -> open.server.exports().statistics(name));
    }

    /** Where exports can be reached; nowhere before the first of them. */
    public List<NbdAddress> addresses() {
        Running open = running;
        return open == null ? List.of() : open.addresses;
    }

    /** Ends the server; clients are told. */
    public synchronized void close() {
        Running open = running;
        running = null;
        if (open != null) {
            open.server.close();
        }
    }

    private Running start() {
        InetAddress address = address();
        ServerTls tls = new ServerTls(properties, address, clock);
        NbdServerOptions options = NbdServerOptions.defaults()
                .withTls(tls.policy())
                .withMaxClients(properties.nbd().clients());
        Integer port = properties.nbd().port();
        NbdServer server;
        try {
            server = start(options, address, port == null ? NbdServerOptions.DEFAULT_PORT : port);
        } catch (UncheckedIOException e) {
            if (port != null) {
                throw unavailable(address, port, e);
            }
            LOG.info("port {} is taken, serving exports on another one", NbdServerOptions.DEFAULT_PORT);
            server = startAnywhere(options, address);
        } catch (IllegalArgumentException e) {
            throw new NightjarException(
                    "NBD_TLS_INVALID",
                    "the NBD server cannot be started: " + e.getMessage(),
                    "Check nightjar.nbd.certificate, private-key and client-authority.",
                    e);
        }
        List<NbdAddress> addresses = addresses(server, tls);
        LOG.info("serving exports at {}", addresses);
        return new Running(server, addresses);
    }

    private NbdServer startAnywhere(NbdServerOptions options, InetAddress address) {
        try {
            return start(options, address, 0);
        } catch (UncheckedIOException e) {
            throw unavailable(address, 0, e);
        }
    }

    private NbdServer start(NbdServerOptions options, InetAddress address, int port) {
        List<SocketAddress> listen = new ArrayList<>();
        listen.add(new InetSocketAddress(address, port));
        Path socket = socket();
        if (socket != null) {
            listen.add(UnixDomainSocketAddress.of(socket));
        }
        return NbdServer.start(options.withListen(listen.toArray(SocketAddress[]::new)));
    }

    private @Nullable Path socket() {
        Path configured = properties.nbd().socket();
        if (configured != null) {
            return configured.toAbsolutePath();
        }
        Path own = properties.data().resolve("nbd.sock");
        boolean fits = own.toString().getBytes(StandardCharsets.UTF_8).length <= SOCKET_PATH_BYTES;
        return fits ? own : null;
    }

    private InetAddress address() {
        String name = properties.nbd().address();
        try {
            return InetAddress.getByName(name);
        } catch (UnknownHostException e) {
            throw new NightjarException(
                    HttpStatus.SERVICE_UNAVAILABLE,
                    "NBD_ADDRESS_UNAVAILABLE",
                    "'" + name + "' is not an address of this host",
                    "Set nightjar.nbd.address to one that is.",
                    e);
        }
    }

    private static List<NbdAddress> addresses(NbdServer server, ServerTls tls) {
        boolean encrypted = tls.mode() != TlsMode.OFF;
        var encryption = new NbdAddress.Encryption(encrypted, encrypted ? tls.clientDirectory() : null);
        List<NbdAddress> addresses = new ArrayList<>();
        for (SocketAddress address : server.addresses()) {
            if (address instanceof InetSocketAddress tcp) {
                addresses.add(new NbdAddress.Tcp(host(tcp.getAddress()), tcp.getPort(), encryption));
            } else if (address instanceof UnixDomainSocketAddress unix) {
                addresses.add(new NbdAddress.Unix(unix.getPath(), encryption));
            }
        }
        return List.copyOf(addresses);
    }

    private static String host(InetAddress address) {
        if (!address.isAnyLocalAddress()) {
            return address.getHostAddress();
        }
        try {
            return ServerTls.hostName();
        } catch (UnknownHostException e) {
            return "localhost";
        }
    }

    private static NightjarException unavailable(InetAddress address, int port, UncheckedIOException e) {
        return new NightjarException(
                HttpStatus.SERVICE_UNAVAILABLE,
                "NBD_ADDRESS_UNAVAILABLE",
                "the NBD server cannot listen on " + address.getHostAddress() + " port " + port + ": " + e.getMessage(),
                "Free the port or the socket, or set nightjar.nbd.address, port and socket.",
                e);
    }
}
