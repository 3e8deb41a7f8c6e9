package dev.nightjar.nbd.server.tls;

import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/**
 * Who the server is, and whom it serves. All files are PEM; they are read when the server starts.
 *
 * @param certificateChain the server's certificate, then what leads to its authority
 * @param privateKey PKCS#8, not encrypted
 * @param clientAuthority what has to have signed a client's certificate; null: clients need none
 */
public record TlsCredentials(
        Path certificateChain, Path privateKey, @Nullable Path clientAuthority) {}
