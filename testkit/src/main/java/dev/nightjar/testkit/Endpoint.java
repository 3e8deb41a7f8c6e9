package dev.nightjar.testkit;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Path;

/** Where an NBD server of the testkit listens. */
public sealed interface Endpoint {

    /** The NBD URI of an export at this endpoint; the name must need no escaping. */
    String uri(String export);

    record Unix(Path socket) implements Endpoint {
        @Override
        public String uri(String export) {
            return "nbd+unix:///" + export + "?socket=" + socket;
        }
    }

    record Tcp(String host, int port) implements Endpoint {
        @Override
        public String uri(String export) {
            return "nbd://" + host + ":" + port + "/" + export;
        }
    }

    /** A port of the loopback interface that was free a moment ago. */
    static Tcp freeTcp() {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return new Tcp("127.0.0.1", socket.getLocalPort());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
