package dev.nightjar.nbd.client.transmission;

import dev.nightjar.nbd.protocol.Command;
import dev.nightjar.nbd.protocol.Errno;
import org.jspecify.annotations.Nullable;

/** The server answered a request with an error; the connection lives on. Immutable. */
public final class RequestFailedException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    private final Errno errno;
    private final long offset;
    private final long length;
    private final String serverMessage;

    RequestFailedException(Exchange exchange, Errno errno, String serverMessage, @Nullable Long at) {
        super("%s of %d bytes at offset %d failed with %s%s"
                .formatted(
                        name(exchange.command()),
                        exchange.length(),
                        exchange.offset(),
                        errno,
                        at == null ? "" : " at offset " + at));
        this.errno = errno;
        this.offset = exchange.offset();
        this.length = exchange.length();
        this.serverMessage = serverMessage;
    }

    private static String name(Command command) {
        return switch (command) {
            case READ -> "read";
            case WRITE -> "write";
            case DISCONNECT -> "disconnect";
            case FLUSH -> "flush";
            case TRIM -> "trim";
            case CACHE -> "cache";
            case WRITE_ZEROES -> "write zeroes";
            case BLOCK_STATUS -> "block status";
        };
    }

    public Errno errno() {
        return errno;
    }

    /** Of the request, in bytes. */
    public long offset() {
        return offset;
    }

    /** Of the request, in bytes. */
    public long length() {
        return length;
    }

    /** The server's own words, may be empty; not to be trusted to be printable. */
    public String serverMessage() {
        return serverMessage;
    }
}
