package dev.nightjar.nbd.server.transport;

import dev.nightjar.nbd.protocol.OptionHeader;
import dev.nightjar.nbd.protocol.Violation;
import dev.nightjar.nbd.protocol.ViolationException;
import dev.nightjar.nbd.server.export.ExportClient;
import dev.nightjar.nbd.server.export.ServedDisk;
import dev.nightjar.nbd.server.handshake.Agreement;
import dev.nightjar.nbd.server.handshake.Negotiation;
import dev.nightjar.nbd.server.handshake.Step;
import dev.nightjar.nbd.server.handshake.TlsStance;
import dev.nightjar.nbd.server.tls.TlsPolicy;
import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.handler.ssl.SslContext;
import io.netty.handler.ssl.SslHandshakeCompletionEvent;
import io.netty.util.concurrent.Future;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * One client from its first byte until its export is open: then {@link TransmissionHandler} takes its place. An option is answered only
 * when the replies to the one before have left, so a client cannot fill the memory. Confined to its event loop.
 */
final class HandshakeHandler extends ChannelInboundHandlerAdapter {

    private enum Phase {
        FLAGS,
        OPTION,
        DATA,
        /** The TLS handshake runs. */
        ENCRYPTING,
        /** The export's disk is being opened. */
        OPENING,
        /** Transmission has taken over, also what has come and was not understood yet. */
        PASSED_ON,
        OVER
    }

    private static final int FLAGS_BYTES = 4;

    private final ServerContext server;
    private final Negotiation negotiation;
    private final Cumulation pending = new Cumulation();
    private Phase phase = Phase.FLAGS;
    private boolean advancing;
    private @Nullable OptionHeader option;
    private @Nullable Future<?> deadline;

    HandshakeHandler(ServerContext server) {
        this.server = server;
        this.negotiation = new Negotiation(
                server.exports(),
                switch (server.tls().policy()) {
                    case TlsPolicy.Off _ -> TlsStance.OFF;
                    case TlsPolicy.Offered _ -> TlsStance.OFFERED;
                    case TlsPolicy.Required _ -> TlsStance.REQUIRED;
                });
    }

    @Override
    public void channelActive(ChannelHandlerContext context) {
        ByteBuf out = context.alloc().directBuffer();
        Negotiation.greeting().encode(out);
        send(context, out);
        deadline = context.executor()
                .schedule(() -> expired(context), server.limits().handshake().toMillis(), TimeUnit.MILLISECONDS);
    }

    private void expired(ChannelHandlerContext context) {
        if (phase != Phase.OVER && phase != Phase.OPENING && phase != Phase.PASSED_ON) {
            server.tally().ended(ServerTally.Ending.HANDSHAKE_TIMEOUT);
            var _ = context.close();
        }
    }

    @Override
    public void channelRead(ChannelHandlerContext context, Object message) {
        pending.add((ByteBuf) message);
        advance(context);
    }

    @Override
    public void channelWritabilityChanged(ChannelHandlerContext context) {
        advance(context);
    }

    private void advance(ChannelHandlerContext context) {
        if (advancing) {
            // Sending has just made the channel writable again; the loop below notices.
            return;
        }
        advancing = true;
        try {
            while (context.channel().isWritable() && step(context)) {
                // Another one.
            }
            if (phase != Phase.PASSED_ON) {
                context.channel().config().setAutoRead(context.channel().isWritable() && phase != Phase.OPENING);
            }
        } catch (ViolationException e) {
            violated(context, e.violation());
        } finally {
            advancing = false;
        }
    }

    private void violated(ChannelHandlerContext context, Violation violation) {
        phase = Phase.OVER;
        server.tally().violated(violation);
        var _ = context.close();
    }

    private boolean step(ChannelHandlerContext context) {
        ByteBuf in = pending.bytes();
        return switch (phase) {
            case FLAGS -> {
                if (in.readableBytes() < FLAGS_BYTES) {
                    yield false;
                }
                negotiation.begin(in.readInt());
                phase = Phase.OPTION;
                yield true;
            }
            case OPTION -> {
                if (in.readableBytes() < OptionHeader.BYTES) {
                    yield false;
                }
                option = OptionHeader.decode(in);
                phase = Phase.DATA;
                yield true;
            }
            case DATA -> {
                OptionHeader header = Objects.requireNonNull(option);
                if (in.readableBytes() < header.length()) {
                    yield false;
                }
                phase = Phase.OPTION;
                answer(context, header, in.readSlice(header.length()));
                yield true;
            }
            case ENCRYPTING, OPENING, PASSED_ON -> false;
            case OVER -> {
                in.skipBytes(in.readableBytes());
                yield false;
            }
        };
    }

    private void answer(ChannelHandlerContext context, OptionHeader header, ByteBuf data) {
        ByteBuf out = context.alloc().directBuffer();
        Step step;
        try {
            step = negotiation.answer(header, data, out);
            if (step instanceof Step.Encrypt && pending.bytes().isReadable()) {
                throw new ViolationException(
                        Violation.PLAINTEXT_AFTER_STARTTLS, pending.bytes().readableBytes() + " bytes came with it");
            }
        } catch (RuntimeException e) {
            out.release();
            throw e;
        }
        send(context, out);
        switch (step) {
            case Step.Next _ -> {}
            case Step.Encrypt _ -> {
                phase = Phase.ENCRYPTING;
                SslContext tls = Objects.requireNonNull(server.tls().context());
                context.pipeline().addFirst(tls.newHandler(context.alloc()));
            }
            case Step.Leave _ -> {
                phase = Phase.OVER;
                var _ = context.close();
            }
            case Step.Open open -> {
                phase = Phase.OPENING;
                open(context, open);
            }
        }
    }

    private static void send(ChannelHandlerContext context, ByteBuf out) {
        if (out.isReadable()) {
            var _ = context.writeAndFlush(out, context.voidPromise());
        } else {
            out.release();
        }
    }

    @Override
    public void userEventTriggered(ChannelHandlerContext context, Object event) {
        if (event instanceof SslHandshakeCompletionEvent completion) {
            if (completion.isSuccess()) {
                negotiation.encrypted();
                phase = Phase.OPTION;
                advance(context);
            } else {
                server.tally().ended(ServerTally.Ending.TLS_FAILED);
                phase = Phase.OVER;
                var _ = context.close();
            }
        }
        context.fireUserEventTriggered(event);
    }

    private void open(ChannelHandlerContext context, Step.Open open) {
        Seat seat = new Seat(context.channel());
        server.blocking().execute(() -> {
            ServedDisk disk;
            try {
                disk = open.export().attach(seat);
            } catch (RuntimeException e) {
                seat.run(() -> unavailable(context, open));
                return;
            }
            seat.run(() -> opened(context, open, seat, disk));
        });
    }

    private void unavailable(ChannelHandlerContext context, Step.Open open) {
        ByteBuf out = context.alloc().directBuffer();
        try {
            negotiation.unavailable(open, out);
        } catch (ViolationException e) {
            out.release();
            violated(context, e.violation());
            return;
        }
        send(context, out);
        phase = Phase.OPTION;
        advance(context);
    }

    private void opened(ChannelHandlerContext context, Step.Open open, Seat seat, ServedDisk disk) {
        if (!context.channel().isActive()) {
            leave(open, seat);
            return;
        }
        ByteBuf out = context.alloc().directBuffer();
        Agreement agreement = negotiation.opened(open, out);
        send(context, out);
        phase = Phase.PASSED_ON;
        TransmissionHandler transmission =
                new TransmissionHandler(server, agreement, disk, () -> leave(open, seat), context.channel());
        context.pipeline().replace(this, "transmission", transmission);
        seat.take(transmission);
        transmission.begin(pending);
    }

    private void leave(Step.Open open, ExportClient seat) {
        server.blocking().execute(() -> open.export().detach(seat));
    }

    @Override
    public void handlerRemoved(ChannelHandlerContext context) {
        Future<?> timer = deadline;
        if (timer != null) {
            timer.cancel(false);
        }
        if (phase != Phase.PASSED_ON) {
            pending.release();
        }
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
        // A broken connection or broken encryption: nobody is left to tell.
        phase = Phase.OVER;
        var _ = context.close();
    }
}
