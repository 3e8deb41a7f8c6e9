package dev.nightjar.nbd.client.transport;

import dev.nightjar.nbd.client.tls.TlsRecords;
import dev.nightjar.nbd.client.transmission.Exchange;
import dev.nightjar.nbd.client.transmission.InFlight;
import dev.nightjar.nbd.client.transmission.ReplyReader;
import dev.nightjar.nbd.protocol.Command;
import dev.nightjar.nbd.protocol.ReplyMode;
import dev.nightjar.nbd.protocol.Request;
import dev.nightjar.nbd.protocol.Violation;
import dev.nightjar.nbd.protocol.ViolationException;
import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.handler.codec.DecoderException;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/** The event loop's side of a transmission. Every method but {@link #ended} runs on the event loop. */
final class TransmissionHandler extends ChannelInboundHandlerAdapter {

    /** How long a farewell may take to leave. */
    private static final long FAREWELL_MILLIS = 1000;

    private final Channel channel;
    private final ReplyMode mode;
    private final ReceiveBuffers receiveBuffers;
    private final UnaryOperator<RuntimeException> translation;
    private final Runnable onAnswered;
    private final InFlight inFlight;
    private final ReplyReader reader;
    private final Patience patience;
    private volatile @Nullable RuntimeException ended;
    private boolean watching;

    TransmissionHandler(
            Channel channel,
            ReplyMode mode,
            ReceiveBuffers receiveBuffers,
            UnaryOperator<RuntimeException> translation,
            Duration requestLimit,
            Runnable onAnswered) {
        this.channel = channel;
        this.mode = mode;
        this.receiveBuffers = receiveBuffers;
        this.translation = translation;
        this.onAnswered = onAnswered;
        this.inFlight = new InFlight(translation, onAnswered);
        this.reader = new ReplyReader(mode, inFlight, channel.alloc());
        this.patience = new Patience(channel, inFlight, requestLimit);
    }

    /** Why it ended, or null. */
    @Nullable
    RuntimeException ended() {
        return ended;
    }

    @Override
    public void handlerAdded(ChannelHandlerContext context) {
        receiveBuffers.attach(reader);
    }

    /** Writes a request, without flushing. */
    void send(Exchange exchange) {
        RuntimeException cause = ended;
        if (cause != null) {
            onAnswered.run();
            exchange.abort(translation.apply(cause));
            return;
        }
        ByteBuf payload = exchange.takePayload();
        int payloadBytes = payload == null ? 0 : payload.readableBytes();
        long cookie = inFlight.register(exchange, patience.sending(exchange, Request.bytes(mode) + payloadBytes));
        ByteBuf header = channel.alloc().directBuffer(Request.EXTENDED_BYTES, Request.EXTENDED_BYTES);
        exchange.encode(header, mode, cookie);
        var _ = channel.write(header, channel.voidPromise());
        if (payload != null) {
            var _ = channel.write(payload, channel.voidPromise());
        }
        watch();
    }

    void flush() {
        channel.flush();
    }

    @Override
    public void channelRead(ChannelHandlerContext context, Object message) {
        ByteBuf in = (ByteBuf) message;
        try {
            if (ended != null) {
                return;
            }
            patience.received();
            if (receiveBuffers.isInPlace(in)) {
                reader.received(in.readableBytes());
            } else {
                reader.read(in);
            }
        } catch (ViolationException e) {
            terminate(e);
        } finally {
            in.release();
        }
    }

    /** The socket is closed, by whichever side. */
    void closed() {
        terminate(new ConnectionLostException("the server closed the connection", null));
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
        Throwable reason = cause instanceof DecoderException && cause.getCause() != null ? cause.getCause() : cause;
        terminate(
                TlsRecords.missing(reason)
                        ? new ViolationException(Violation.TLS_IN_PLAIN, "something else came")
                        : new ConnectionLostException("the connection failed: " + reason.getMessage(), reason));
    }

    /** Ends everything, once; the first cause counts. */
    void terminate(RuntimeException cause) {
        if (end(cause)) {
            close();
        }
    }

    /** Ends everything by a DISCONNECT. */
    void disconnect() {
        if (end(new ConnectionLostException("the connection was closed by its owner", null))) {
            ByteBuf farewell = channel.alloc().directBuffer(Request.EXTENDED_BYTES, Request.EXTENDED_BYTES);
            new Request(0, Command.DISCONNECT, 0, 0, 0).encode(farewell, mode);
            var _ = channel.writeAndFlush(farewell).addListener(ChannelFutureListener.CLOSE);
            var _ = channel.eventLoop().schedule(this::close, FAREWELL_MILLIS, TimeUnit.MILLISECONDS);
        }
    }

    private void close() {
        var _ = channel.close();
    }

    private boolean end(RuntimeException cause) {
        if (ended != null) {
            return false;
        }
        ended = cause;
        receiveBuffers.detach();
        reader.release();
        inFlight.abortAll(cause);
        return true;
    }

    private void watch() {
        if (!watching) {
            watching = true;
            var _ = channel.eventLoop().schedule(this::look, patience.pauseNanos(), TimeUnit.NANOSECONDS);
        }
    }

    private void look() {
        watching = false;
        if (ended != null || inFlight.isEmpty()) {
            return;
        }
        TimeLimitException exhausted = patience.exhausted();
        if (exhausted == null) {
            watch();
        } else {
            terminate(exhausted);
        }
    }
}
