package dev.nightjar.service.export.endpoint;

import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/** Where exports can be reached. Pure data. */
public sealed interface NbdAddress {

    /** Whether clients may encrypt, and where their certificates are. */
    Encryption encryption();

    /**
     * A port of the network.
     *
     * @param host a name or an address that clients can use
     */
    record Tcp(String host, int port, Encryption encryption) implements NbdAddress {}

    /** A Unix socket of the service's host. */
    record Unix(Path socket, Encryption encryption) implements NbdAddress {}

    /**
     * How a connection is protected.
     *
     * @param tls whether clients are to encrypt
     * @param clientDirectory their certificates, in QEMU's layout; null if there is no encryption, or the operator's own certificates are used
     */
    record Encryption(boolean tls, @Nullable Path clientDirectory) {}
}
