package dev.nightjar.nbd.client.transport;

import dev.nightjar.nbd.client.handshake.HandshakeWire;
import dev.nightjar.nbd.client.handshake.PeerClosedException;
import dev.nightjar.nbd.client.tls.TlsContext;
import dev.nightjar.nbd.protocol.Violation;
import dev.nightjar.nbd.protocol.ViolationException;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.handler.codec.DecoderException;
import io.netty.handler.ssl.SslHandler;
import io.netty.util.concurrent.Future;
import java.time.Duration;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.Function;
import javax.net.ssl.SSLException;
import org.jspecify.annotations.Nullable;

/**
 * Lets one blocking thread speak the handshake. Bytes are read from the socket only while that thread waits for them, so a server
 * cannot fill the memory.
 */
final class WireHandler extends ChannelInboundHandlerAdapter implements HandshakeWire {

    private sealed interface Event {
        record Bytes(ByteBuf buffer) implements Event {}

        record Closed(@Nullable Throwable cause) implements Event {}
    }

    private final BlockingQueue<Event> events = new LinkedBlockingQueue<>();
    private final TimeLimits limits;
    private final @Nullable TlsContext tls;
    private @Nullable Channel channel;
    /** What has come and was not asked for yet. */
    private final ByteBuf pending = Unpooled.buffer();

    private String waitingFor = "the greeting";
    private Duration limit;
    private long deadlineNanos;
    private boolean encrypted;
    /** Whether the server has said anything under TLS. */
    private boolean answered;

    /**
     * For one connection.
     *
     * @param tls null if there is never to be any
     */
    WireHandler(TimeLimits limits, @Nullable TlsContext tls) {
        this.limits = limits;
        this.tls = tls;
        this.limit = limits.greeting();
    }

    /** Starts the clock. */
    void begin() {
        deadlineNanos = System.nanoTime() + limit.toNanos();
    }

    @Override
    public void greeted() {
        waitingFor = "the handshake";
        limit = limits.negotiation();
        begin();
    }

    @Override
    public void handlerAdded(ChannelHandlerContext context) {
        channel = context.channel();
    }

    @Override
    public void channelRead(ChannelHandlerContext context, Object message) {
        events.add(new Event.Bytes((ByteBuf) message));
    }

    @Override
    public void channelInactive(ChannelHandlerContext context) {
        events.add(new Event.Closed(null));
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
        events.add(new Event.Closed(cause));
    }

    @Override
    public void send(Consumer<ByteBuf> encoder) {
        ByteBuf out = channel().alloc().buffer();
        try {
            encoder.accept(out);
        } catch (RuntimeException e) {
            out.release();
            throw e;
        }
        var _ = channel().writeAndFlush(out, channel().voidPromise());
    }

    @Override
    public <T> T receive(int bytes, Function<ByteBuf, T> decoder) {
        while (pending.readableBytes() < bytes) {
            await();
        }
        return decoder.apply(pending.readSlice(bytes));
    }

    @Override
    public void encrypt() {
        TlsContext context = tls;
        if (context == null) {
            throw new IllegalStateException("TLS was never wanted");
        }
        refusePending(Violation.TLS_LEFTOVER, "bytes behind it");
        SslHandler handler = context.handler(channel().alloc());
        handler.setHandshakeTimeoutMillis(0);
        channel().pipeline().addFirst("tls", handler);
        Future<Channel> handshake = handler.handshakeFuture();
        try {
            if (!handshake.await(deadlineNanos - System.nanoTime(), TimeUnit.NANOSECONDS)) {
                throw new TimeLimitException("the TLS handshake", limit);
            }
        } catch (InterruptedException e) {
            throw interrupted(e);
        }
        Throwable failure = handshake.cause();
        if (failure != null) {
            throw context.explain(failure);
        }
        encrypted = true;
    }

    boolean encrypted() {
        return encrypted;
    }

    private void await() {
        channel().read();
        switch (next()) {
            case Event.Bytes(ByteBuf buffer) -> {
                answered = encrypted;
                pending.discardReadBytes().writeBytes(buffer);
                buffer.release();
            }
            case Event.Closed(Throwable cause) -> throw closed(cause);
        }
    }

    /** With TLS 1.3 a server that does not like our certificate says so, or hangs up, only after the handshake. */
    private RuntimeException closed(@Nullable Throwable cause) {
        Throwable reason = cause instanceof DecoderException && cause.getCause() != null ? cause.getCause() : cause;
        if (encrypted && !answered && tls != null) {
            RuntimeException refused = reason instanceof SSLException ? tls.explain(reason) : tls.explainSilence();
            if (refused != null) {
                return refused;
            }
        }
        PeerClosedException closed = new PeerClosedException();
        if (reason != null) {
            closed.initCause(reason);
        }
        return closed;
    }

    private Event next() {
        try {
            Event event = events.poll(deadlineNanos - System.nanoTime(), TimeUnit.NANOSECONDS);
            if (event == null) {
                throw new TimeLimitException(waitingFor, limit);
            }
            return event;
        } catch (InterruptedException e) {
            throw interrupted(e);
        }
    }

    private static ConnectionLostException interrupted(InterruptedException cause) {
        Thread.currentThread().interrupt();
        return new ConnectionLostException("interrupted during the handshake", cause);
    }

    /** A server has nothing to say between the handshake and the first request. */
    void refuseLeftovers() {
        refusePending(Violation.UNREQUESTED_DATA, "bytes after the end of the handshake");
        release();
    }

    private void refusePending(Violation violation, String detail) {
        boolean left = pending.isReadable() || events.stream().anyMatch(Event.Bytes.class::isInstance);
        if (left) {
            release();
            throw new ViolationException(violation, detail);
        }
    }

    void release() {
        pending.clear();
        for (Event event = events.poll(); event != null; event = events.poll()) {
            if (event instanceof Event.Bytes(ByteBuf buffer)) {
                buffer.release();
            }
        }
    }

    private Channel channel() {
        Channel current = channel;
        if (current == null) {
            throw new IllegalStateException("not connected");
        }
        return current;
    }
}
