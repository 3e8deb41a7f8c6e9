package dev.nightjar.nbd.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import java.util.concurrent.CompletionException;

/** What a connection to a hostile server is good for. */
final class Unhelpful {

    private Unhelpful() {}

    /** Makes the request, and throws the violation that came of it, or of what followed its answer. */
    static void ask(NbdConnection connection, Runnable request) {
        Throwable first = catchThrowable(request::run);
        // A violation may come right behind an answer that was sound by itself.
        Throwable later = catchThrowable(() -> connection.flush().join());
        assertThat(connection.isOpen()).as("the connection survived").isFalse();
        Throwable failure = unwrap(isViolation(first) ? first : later);
        if (failure instanceof RuntimeException expected) {
            throw expected;
        }
        throw new AssertionError(failure);
    }

    private static boolean isViolation(Throwable failure) {
        return unwrap(failure) instanceof NbdException e && e.code() == NbdErrorCode.PROTOCOL_VIOLATION;
    }

    private static Throwable unwrap(Throwable failure) {
        return failure instanceof CompletionException && failure.getCause() != null ? failure.getCause() : failure;
    }
}
