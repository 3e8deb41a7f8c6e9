package dev.nightjar.nbd.client.handshake;

import java.util.List;

/** Metadata contexts that were required are not granted: their absence must never read as "clean". Immutable. */
public final class ContextsMissingException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    /**
     * Names and reason.
     *
     * @param names what was required and is missing
     * @param reason why, as far as the server let it be known
     */
    public ContextsMissingException(List<String> names, String reason) {
        super("metadata context " + String.join(", ", names) + " was not granted: " + reason);
    }
}
