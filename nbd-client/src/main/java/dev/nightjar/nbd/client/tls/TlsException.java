package dev.nightjar.nbd.client.tls;

import org.jspecify.annotations.Nullable;

/** Encryption was wanted and did not come about; nothing of value was sent. Immutable. */
public final class TlsException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    private final TlsFailure failure;

    public TlsException(TlsFailure failure, String message, @Nullable Throwable cause) {
        super(message, cause);
        this.failure = failure;
    }

    public TlsFailure failure() {
        return failure;
    }
}
