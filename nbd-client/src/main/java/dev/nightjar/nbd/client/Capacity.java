package dev.nightjar.nbd.client;

/**
 * How much a client asks for at a time. Immutable.
 *
 * @param connections most connections to one export, opened when needed and only where the server allows more than one
 * @param requests most requests at a time on each connection; QEMU serves 16
 * @param requestBytes most bytes of one read or write, whatever the server allows
 * @param bytes most bytes that all connections together may have been asked for or be sending at a time
 */
public record Capacity(int connections, int requests, int requestBytes, long bytes) {

    /** Four connections, 16 requests each, up to 32 MiB each, 64 MiB together. */
    public static final Capacity DEFAULTS = new Capacity(4, 16, 32 << 20, 64L << 20);

    public Capacity {
        if (connections < 1 || requests < 1 || requestBytes < 1 || bytes < 1) {
            throw new IllegalArgumentException("limits must be positive");
        }
    }
}
