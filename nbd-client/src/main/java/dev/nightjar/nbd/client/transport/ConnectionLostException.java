package dev.nightjar.nbd.client.transport;

import org.jspecify.annotations.Nullable;

/** The connection ended, from either side, before the answer came. */
public final class ConnectionLostException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    ConnectionLostException(String reason, @Nullable Throwable cause) {
        super(reason, cause);
    }
}
