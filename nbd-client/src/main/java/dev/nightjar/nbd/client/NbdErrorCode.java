package dev.nightjar.nbd.client;

/** What kind of failure it was. The names are stable: they appear in APIs and logs. */
public enum NbdErrorCode {
    /** The URI cannot be understood. */
    INVALID_URI(false),
    /** Nobody answers at the address. */
    UNREACHABLE(true),
    /** The server does not let this client, or this request, in. */
    REFUSED_BY_POLICY(false),
    /** Encryption was wanted, by either side, and did not come about; see {@link NbdException#tlsFailure()}. */
    TLS_FAILED(false),
    /** The server has no export of that name. */
    EXPORT_UNKNOWN(false),
    /** A required metadata context was not granted, for example a dirty bitmap that does not exist. */
    CONTEXT_MISSING(false),
    /** The server broke the protocol; the connection is closed. */
    PROTOCOL_VIOLATION(false),
    /** The server could not read or write its disk. */
    IO_ERROR(false),
    /** The server did not answer in time; the connection is closed. */
    TIMED_OUT(true),
    /** The server, or this client, cannot do that. */
    UNSUPPORTED(false),
    /** The server's disk is full. */
    NO_SPACE(false),
    /** After the connection was lost, the server has another export under that name. */
    EXPORT_CHANGED(false),
    /** The connection ended, from either side. */
    CLOSED(true);

    private final boolean retryable;

    NbdErrorCode(boolean retryable) {
        this.retryable = retryable;
    }

    boolean retryable() {
        return retryable;
    }
}
