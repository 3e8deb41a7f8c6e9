package dev.nightjar.nbd.client;

import dev.nightjar.nbd.client.tls.TlsException;
import dev.nightjar.nbd.client.tls.TlsFailure;
import dev.nightjar.nbd.client.transmission.RequestFailedException;
import dev.nightjar.nbd.protocol.Errno;
import dev.nightjar.nbd.protocol.Violation;
import dev.nightjar.nbd.protocol.ViolationException;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Something went wrong between this client and an NBD server: what and where in the message, a stable code, and what to do about
 * it. Immutable.
 */
public final class NbdException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    private final NbdErrorCode code;
    private final String hint;

    NbdException(NbdErrorCode code, String message, String hint, @Nullable Throwable cause) {
        super(message, cause);
        this.code = code;
        this.hint = hint;
    }

    /** The kind of failure. */
    public NbdErrorCode code() {
        return code;
    }

    /** What a person can do about it, one or two sentences. */
    public String hint() {
        return hint;
    }

    /** Whether trying the same again, on a new connection, can help. */
    public boolean retryable() {
        return code.retryable();
    }

    /** Which rule was broken; present exactly for {@link NbdErrorCode#PROTOCOL_VIOLATION}. */
    public Optional<Violation> violation() {
        return getCause() instanceof ViolationException broken ? Optional.of(broken.violation()) : Optional.empty();
    }

    /** Why encryption did not come about; present exactly for {@link NbdErrorCode#TLS_FAILED}. */
    public Optional<TlsFailure> tlsFailure() {
        return getCause() instanceof TlsException failed ? Optional.of(failed.failure()) : Optional.empty();
    }

    /** What the server answered to a request, if it was an answer that failed it. */
    public Optional<Errno> errno() {
        return getCause() instanceof RequestFailedException refused ? Optional.of(refused.errno()) : Optional.empty();
    }

    /** Which bytes of the export the failed request was about, if it was an answer that failed it. */
    public Optional<Range> range() {
        return getCause() instanceof RequestFailedException refused
                ? Optional.of(new Range(refused.offset(), refused.length()))
                : Optional.empty();
    }

    /** A part of an export, in bytes. */
    public record Range(long offset, long length) {}
}
