package dev.nightjar.nbd.client.transmission;

import dev.nightjar.nbd.protocol.Command;
import dev.nightjar.nbd.protocol.Errno;
import dev.nightjar.nbd.protocol.ErrorChunk;
import dev.nightjar.nbd.protocol.ReplyMode;
import dev.nightjar.nbd.protocol.Request;
import dev.nightjar.nbd.protocol.Violation;
import dev.nightjar.nbd.protocol.ViolationException;
import io.netty.buffer.ByteBuf;
import java.util.concurrent.CompletableFuture;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * One request and its way to an answer. Made by any thread, then confined to the connection's event loop; only its future is
 * shared.
 */
public abstract sealed class Exchange permits ReadExchange, StatusExchange, EffectExchange {

    private final Command command;
    private final int flags;
    private final long offset;
    private final long length;
    private @Nullable RequestFailedException failure;
    private long deadlineNanos;

    Exchange(Command command, int flags, long offset, long length) {
        this.command = command;
        this.flags = flags;
        this.offset = offset;
        this.length = length;
    }

    public final Command command() {
        return command;
    }

    public final long offset() {
        return offset;
    }

    public final long length() {
        return length;
    }

    /** How many bytes of data it moves, in whichever direction. */
    public final long dataBytes() {
        return command == Command.READ || command == Command.WRITE ? length : 0;
    }

    /** Completes on the event loop; with an exception as the connection's translation makes it. */
    public abstract CompletableFuture<?> future();

    /** What follows the request on the wire, or null. Ownership passes to the caller, once. */
    public @Nullable ByteBuf takePayload() {
        return null;
    }

    public final void encode(ByteBuf out, ReplyMode mode, long cookie) {
        new Request(flags, command, cookie, offset, wireLength()).encode(out, mode);
    }

    /** What the request's header has as its length: the effect's, or the payload's. */
    long wireLength() {
        return length;
    }

    final boolean flagged(int flag) {
        return (flags & flag) != 0;
    }

    final boolean failed() {
        return failure != null;
    }

    /** The first error counts; the reply goes on until its last chunk. */
    final void fail(ErrorChunk error) {
        Long at = error.offset();
        if (at != null && (at < offset || at - offset >= Math.max(length, 1))) {
            throw new ViolationException(
                    Violation.ERROR_OFFSET, "offset %d for a request at %d + %d".formatted(at, offset, length));
        }
        fail(error.errno(), error.message(), at);
    }

    final void fail(Errno errno, String message, @Nullable Long at) {
        if (failure == null) {
            failure = new RequestFailedException(this, errno, message, at);
            release();
        }
    }

    /** Called at the last chunk, before the exchange counts as answered. */
    final void verify() {
        if (failure == null) {
            verifyComplete();
        }
    }

    /** Completes the future with what was received, or with the request's failure. */
    final void settle(UnaryOperator<RuntimeException> translation) {
        if (failure == null) {
            succeed();
        } else {
            abort(translation.apply(failure));
        }
    }

    /** Completes the future with this exception, whatever was received. Any thread may call it before the request is sent. */
    public final void abort(RuntimeException cause) {
        release();
        future().completeExceptionally(cause);
    }

    final long deadlineNanos() {
        return deadlineNanos;
    }

    final void deadlineNanos(long nanos) {
        deadlineNanos = nanos;
    }

    /** Throws {@link ViolationException} if a successful reply lacks something. */
    abstract void verifyComplete();

    abstract void succeed();

    /** Gives buffers back; may be called more than once. */
    abstract void release();
}
