package dev.nightjar.nbd.server.transport;

import dev.nightjar.nbd.server.export.Exports;
import dev.nightjar.nbd.server.tls.TlsSetup;
import java.util.concurrent.Executor;

/**
 * What all connections of a server share.
 *
 * @param blocking runs what may block: opening, closing, requests
 */
public record ServerContext(
        Exports exports,
        TlsSetup tls,
        ConnectionLimits limits,
        ServerMemory memory,
        Executor blocking,
        ServerTally tally) {}
