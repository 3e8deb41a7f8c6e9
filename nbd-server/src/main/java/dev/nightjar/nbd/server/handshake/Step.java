package dev.nightjar.nbd.server.handshake;

import dev.nightjar.nbd.protocol.Option;
import dev.nightjar.nbd.server.export.ServedExport;

/** What follows an option, after its replies have been sent. */
public sealed interface Step {

    /** The next option. */
    record Next() implements Step {}

    /** The TLS handshake; the connection is as new then, but for being encrypted. */
    record Encrypt() implements Step {}

    /** The end: the client takes its leave. */
    record Leave() implements Step {}

    /**
     * Opening the export's disk: no reply was sent yet.
     *
     * @param option what has to be answered then: GO or EXPORT_NAME
     */
    record Open(ServedExport export, Option option) implements Step {}
}
