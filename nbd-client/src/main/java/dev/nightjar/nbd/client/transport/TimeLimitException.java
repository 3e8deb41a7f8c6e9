package dev.nightjar.nbd.client.transport;

import java.time.Duration;

/** The server took too long; the connection is closed. */
public final class TimeLimitException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    TimeLimitException(String what, Duration limit) {
        this("%s took longer than %d ms".formatted(what, limit.toMillis()));
    }

    TimeLimitException(String message) {
        super(message);
    }
}
