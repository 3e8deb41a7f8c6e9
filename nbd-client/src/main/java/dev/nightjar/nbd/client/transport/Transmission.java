package dev.nightjar.nbd.client.transport;

import dev.nightjar.nbd.client.transmission.Exchange;
import dev.nightjar.nbd.protocol.ReplyMode;
import dev.nightjar.nbd.protocol.ViolationException;
import io.netty.channel.Channel;
import java.time.Duration;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * Sends requests, several at a time, over one connection. Thread-safe. Requests that are submitted close together share one
 * hand-over to the event loop and one write to the socket.
 */
public final class Transmission {

    private static final long CLOSE_SECONDS = 5;

    private final Channel channel;
    private final TransmissionHandler handler;
    private final UnaryOperator<RuntimeException> translation;
    private final int maximumInFlight;
    private final Semaphore permits;
    private final Queue<Exchange> submitted = new ConcurrentLinkedQueue<>();
    private final AtomicBoolean draining = new AtomicBoolean();

    Transmission(
            Channel channel,
            ReplyMode mode,
            ReceiveBuffers receiveBuffers,
            UnaryOperator<RuntimeException> translation,
            Duration requestLimit,
            int maximumInFlight) {
        this.channel = channel;
        this.translation = translation;
        this.maximumInFlight = maximumInFlight;
        this.permits = new Semaphore(maximumInFlight);
        this.handler =
                new TransmissionHandler(channel, mode, receiveBuffers, translation, requestLimit, permits::release);
    }

    TransmissionHandler handler() {
        return handler;
    }

    /**
     * Sends a request; its future tells how it ends. Blocks while as many as allowed are in flight.
     *
     * @throws IllegalStateException on the event loop, where blocking would keep the answers from arriving
     */
    public <E extends Exchange> E submit(E exchange) {
        try {
            refuseEventLoop();
        } catch (IllegalStateException e) {
            exchange.abort(e);
            throw e;
        }
        try {
            permits.acquire();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            exchange.abort(
                    translation.apply(new ConnectionLostException("interrupted before the request was sent", e)));
            return exchange;
        }
        submitted.add(exchange);
        if (draining.compareAndSet(false, true)) {
            channel.eventLoop().execute(this::drain);
        }
        return exchange;
    }

    /**
     * Keeps threads from blocking that others wait for.
     *
     * @throws IllegalStateException on an event loop, where blocking would keep the answers from arriving
     */
    public static void refuseEventLoop() {
        if (EventLoops.isCurrent()) {
            throw new IllegalStateException(
                    "requests must not be submitted by callbacks of futures; use the …Async forms");
        }
    }

    private void drain() {
        draining.set(false);
        for (Exchange exchange = submitted.poll(); exchange != null; exchange = submitted.poll()) {
            handler.send(exchange);
        }
        handler.flush();
    }

    /** How many requests wait for an answer, or to be sent. */
    public int inFlight() {
        return maximumInFlight - permits.availablePermits();
    }

    /** Why the connection ended, as requests are told; null while it stands. */
    public @Nullable RuntimeException failure() {
        RuntimeException cause = handler.ended();
        return cause == null ? null : translation.apply(cause);
    }

    /** Whether requests can still be answered. */
    public boolean isOpen() {
        return handler.ended() == null;
    }

    /** Closes the connection because a reply, well-formed by itself, turned out to break a rule. */
    public void poison(ViolationException violation) {
        channel.eventLoop().execute(() -> handler.terminate(violation));
    }

    /** Says farewell, closes, and waits for that; requests in flight fail. May be called more than once. */
    public void close() {
        channel.eventLoop().execute(handler::disconnect);
        if (!channel.eventLoop().inEventLoop()) {
            channel.closeFuture().awaitUninterruptibly(CLOSE_SECONDS, TimeUnit.SECONDS);
        }
    }
}
