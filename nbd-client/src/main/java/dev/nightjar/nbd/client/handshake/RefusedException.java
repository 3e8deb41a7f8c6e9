package dev.nightjar.nbd.client.handshake;

import dev.nightjar.nbd.protocol.OptionCode;
import dev.nightjar.nbd.protocol.OptionError;

/** The server refused an option without which nothing goes on. Immutable. */
public final class RefusedException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    private final OptionError error;
    private final String serverMessage;

    public RefusedException(int option, OptionError error, String serverMessage) {
        super("the server refused " + OptionCode.name(option) + ": " + error);
        this.error = error;
        this.serverMessage = serverMessage;
    }

    public OptionError error() {
        return error;
    }

    /** The server's own words, may be empty; not to be trusted to be printable. */
    public String serverMessage() {
        return serverMessage;
    }
}
