package dev.nightjar.nbd.server.export;

import dev.nightjar.nbd.protocol.Errno;

/** An operation of a {@link ServedDisk} failed; the client gets the number and the message, and the connection lives on. Immutable. */
public final class ServedDiskException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    private final Errno errno;

    /**
     * A failure that the client is told of.
     *
     * @param message one sentence for the client's log; cut after a few hundred bytes on the wire
     */
    public ServedDiskException(Errno errno, String message) {
        super(message);
        this.errno = errno;
    }

    /** The same, with what led to it, which the client is not told. */
    public ServedDiskException(Errno errno, String message, Throwable cause) {
        super(message, cause);
        this.errno = errno;
    }

    /** What the client gets. */
    public Errno errno() {
        return errno;
    }
}
