package dev.nightjar.nbd.client.transport;

import dev.nightjar.nbd.client.handshake.HandshakeWire;
import dev.nightjar.nbd.client.handshake.PeerClosedException;
import dev.nightjar.nbd.protocol.Violation;
import dev.nightjar.nbd.protocol.ViolationException;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import java.time.Duration;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.Function;
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
    private final Duration limit;
    private @Nullable Channel channel;
    private ByteBuf pending = Unpooled.EMPTY_BUFFER;
    private long deadlineNanos;

    WireHandler(Duration limit) {
        this.limit = limit;
    }

    /** Starts the clock. */
    void begin() {
        deadlineNanos = System.nanoTime() + limit.toNanos();
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

    private void await() {
        channel().read();
        switch (next()) {
            case Event.Bytes(ByteBuf buffer) -> pending = join(pending, buffer);
            case Event.Closed(Throwable cause) -> {
                PeerClosedException closed = new PeerClosedException();
                if (cause != null) {
                    closed.initCause(cause);
                }
                throw closed;
            }
        }
    }

    private Event next() {
        try {
            Event event = events.poll(deadlineNanos - System.nanoTime(), TimeUnit.NANOSECONDS);
            if (event == null) {
                throw new TimeLimitException("the handshake", limit);
            }
            return event;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new ConnectionLostException("interrupted during the handshake", e);
        }
    }

    private static ByteBuf join(ByteBuf rest, ByteBuf more) {
        if (!rest.isReadable()) {
            rest.release();
            return more;
        }
        ByteBuf joined = more.alloc().buffer(rest.readableBytes() + more.readableBytes());
        joined.writeBytes(rest).writeBytes(more);
        rest.release();
        more.release();
        return joined;
    }

    /** A server has nothing to say between the handshake and the first request. */
    void refuseLeftovers() {
        boolean left = pending.isReadable() || events.stream().anyMatch(Event.Bytes.class::isInstance);
        release();
        if (left) {
            throw new ViolationException(Violation.UNREQUESTED_DATA, "bytes after the end of the handshake");
        }
    }

    void release() {
        pending.release();
        pending = Unpooled.EMPTY_BUFFER;
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
