package dev.nightjar.nbd.server;

import dev.nightjar.nbd.server.export.Export;
import dev.nightjar.testkit.TempDirectory;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.net.UnixDomainSocketAddress;
import java.nio.file.Path;
import java.time.Duration;
import java.util.function.UnaryOperator;

/** A server on a unix socket and on a free port of the loopback interface, until it is closed. */
final class TestServer implements AutoCloseable {

    private final TempDirectory directory = TempDirectory.create();
    private final NbdServer server;

    private TestServer(UnaryOperator<NbdServerOptions> options, Export... exports) {
        server = NbdServer.start(options.apply(NbdServerOptions.defaults()
                .withListen(
                        UnixDomainSocketAddress.of(socket()),
                        new InetSocketAddress(InetAddress.getLoopbackAddress(), 0))
                .withTimeouts(Duration.ofSeconds(10), Duration.ofSeconds(10), Duration.ofSeconds(5))));
        for (Export export : exports) {
            server.exports().add(export);
        }
    }

    static TestServer serving(Export... exports) {
        return new TestServer(UnaryOperator.identity(), exports);
    }

    static TestServer with(UnaryOperator<NbdServerOptions> options, Export... exports) {
        return new TestServer(options, exports);
    }

    NbdServer server() {
        return server;
    }

    Path directory() {
        return directory.path();
    }

    Path socket() {
        return directory.resolve("s");
    }

    int port() {
        for (SocketAddress address : server.addresses()) {
            if (address instanceof InetSocketAddress inet) {
                return inet.getPort();
            }
        }
        throw new AssertionError("no TCP");
    }

    String uri(String export) {
        return "nbd+unix:///" + export + "?socket=" + socket();
    }

    String tcpUri(String export) {
        return "nbd://127.0.0.1:" + port() + "/" + export;
    }

    @Override
    public void close() {
        server.close();
        directory.close();
    }
}
