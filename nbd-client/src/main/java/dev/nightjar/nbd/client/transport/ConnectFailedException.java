package dev.nightjar.nbd.client.transport;

import org.jspecify.annotations.Nullable;

/** Nobody could be reached at the address. */
public final class ConnectFailedException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    ConnectFailedException(String reason, @Nullable Throwable cause) {
        super(reason, cause);
    }
}
