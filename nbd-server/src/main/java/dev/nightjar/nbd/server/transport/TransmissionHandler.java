package dev.nightjar.nbd.server.transport;

import dev.nightjar.nbd.protocol.Command;
import dev.nightjar.nbd.protocol.Limits;
import dev.nightjar.nbd.protocol.Request;
import dev.nightjar.nbd.protocol.RequestHeader;
import dev.nightjar.nbd.protocol.Violation;
import dev.nightjar.nbd.protocol.ViolationException;
import dev.nightjar.nbd.server.export.ServedDisk;
import dev.nightjar.nbd.server.handshake.Agreement;
import dev.nightjar.nbd.server.transmission.MemoryBudget;
import dev.nightjar.nbd.server.transmission.Reply;
import dev.nightjar.nbd.server.transmission.ReplyEncoder;
import dev.nightjar.nbd.server.transmission.RequestExecution;
import dev.nightjar.nbd.server.transmission.RequestRule;
import dev.nightjar.nbd.server.transmission.Reservation;
import dev.nightjar.nbd.server.transmission.Session;
import dev.nightjar.nbd.server.transmission.StatusContext;
import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.util.concurrent.Future;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * One client that reads and writes. Requests are taken from the socket one after the other for as long as there is room for them, in
 * numbers and in bytes; what needs no waiting is answered here, the rest on threads of its own, in any order. A request holds its room
 * until the last byte of its answer has left. Confined to its event loop.
 */
final class TransmissionHandler extends ChannelInboundHandlerAdapter {

    private enum Phase {
        /** Between requests. */
        HEADER,
        /** A request waits for memory. */
        ADMISSION,
        /** It will be called when its memory is there. */
        QUEUED,
        /** Its payload comes. */
        PAYLOAD,
        /** Its payload comes, and is thrown away. */
        DROP,
        /** No more requests; the connection is closed after the last answer. */
        LEAVING
    }

    private final ServerContext server;
    private final Session session;
    private final RequestExecution execution;
    private final ReplyEncoder encoder;
    private final Runnable whenGone;
    private final Channel channel;
    private final Answers answers;
    private final ReplyWriter writer;

    private Cumulation pending = new Cumulation();
    private Phase phase = Phase.HEADER;
    private @Nullable RequestHeader request;
    private @Nullable RequestRule refusal;
    private @Nullable Reservation memory;
    private @Nullable ByteBuf payload;
    private MemoryBudget.@Nullable Waiter waiter;
    private long toDrop;

    private int inFlight;
    private long heldBytes;
    private boolean advancing;
    private boolean retiring;
    private boolean gone;
    private @Nullable Future<?> watch;

    TransmissionHandler(
            ServerContext server, Agreement agreement, ServedDisk disk, Runnable whenGone, Channel channel) {
        this.server = server;
        this.whenGone = whenGone;
        this.channel = channel;
        this.session = new Session(
                disk,
                agreement.export().description().blockSizes(),
                agreement.mode(),
                agreement.contexts().stream()
                        .map(context -> new StatusContext(context.id(), context.name()))
                        .toList(),
                agreement.export().tally());
        this.execution = new RequestExecution(session, channel.alloc());
        this.encoder = new ReplyEncoder(agreement.mode(), channel.alloc());
        this.answers = new Answers(channel.eventLoop(), this::answer, this::advance);
        this.writer = new ReplyWriter(channel);
    }

    /** Takes over what the handshake left unread, which may be the first requests. */
    void begin(Cumulation leftover) {
        pending = leftover;
        long period = Math.max(1, server.limits().stall().toMillis() / 2);
        StallWatch stalls =
                new StallWatch(channel, server.limits().stall(), () -> phase == Phase.PAYLOAD ? request : null);
        watch = channel.eventLoop()
                .scheduleAtFixedRate(
                        () -> {
                            if (stalls.stalled()) {
                                server.tally().ended(ServerTally.Ending.STALLED);
                                var _ = channel.close();
                            }
                        },
                        period,
                        period,
                        TimeUnit.MILLISECONDS);
        advance();
    }

    @Override
    public void channelRead(ChannelHandlerContext context, Object message) {
        pending.add((ByteBuf) message);
        advance();
    }

    /** What was begun is answered, what comes is refused, then the connection is closed. */
    void retire() {
        retiring = true;
        advance();
    }

    private void advance() {
        if (advancing || gone) {
            return;
        }
        advancing = true;
        try {
            do {
                while (step()) {
                    // Another one.
                }
                // Answers that leave at once make room for more requests.
            } while (writer.flush() && roomForMore());
            if (inFlight == 0 && (phase == Phase.LEAVING || (retiring && phase == Phase.HEADER))) {
                var _ = channel.close();
            }
            channel.config().setAutoRead(wantsBytes());
        } catch (ViolationException e) {
            // Nothing that comes after it is looked at.
            phase = Phase.LEAVING;
            server.tally().violated(e.violation());
            var _ = channel.close();
        } catch (RuntimeException | OutOfMemoryError e) {
            // Most likely there is no memory for a payload: this connection goes, the others stay.
            phase = Phase.LEAVING;
            var _ = channel.close();
        } finally {
            advancing = false;
        }
    }

    private boolean roomForMore() {
        return pending.bytes().isReadable() && phase != Phase.QUEUED;
    }

    private boolean wantsBytes() {
        return switch (phase) {
            case HEADER -> inFlight < server.limits().maxInFlight();
            case PAYLOAD, DROP, LEAVING -> true;
            case ADMISSION, QUEUED -> false;
        };
    }

    /** Whether something was done that another step may follow. */
    private boolean step() {
        ByteBuf in = pending.bytes();
        return switch (phase) {
            case HEADER -> header(in);
            case ADMISSION -> admit();
            case QUEUED -> false;
            case PAYLOAD -> fill(in);
            case DROP -> drop(in);
            case LEAVING -> {
                in.skipBytes(in.readableBytes());
                yield false;
            }
        };
    }

    private boolean header(ByteBuf in) {
        if (inFlight >= server.limits().maxInFlight() || in.readableBytes() < Request.bytes(session.mode())) {
            return false;
        }
        RequestHeader next = RequestHeader.decode(in, session.mode());
        request = next;
        if (next.command() == Command.DISCONNECT) {
            phase = Phase.LEAVING;
            return true;
        }
        toDrop = next.payloadLength(session.mode());
        if (Long.compareUnsigned(toDrop, Limits.DEFAULT_PAYLOAD_BYTES) > 0) {
            throw new ViolationException(Violation.REQUEST_PAYLOAD, Long.toUnsignedString(toDrop) + " bytes announced");
        }
        refusal = retiring ? RequestRule.EXPORT_CLOSING : execution.check(next);
        phase = refusal == null ? Phase.ADMISSION : Phase.DROP;
        return true;
    }

    private boolean drop(ByteBuf in) {
        int bytes = (int) Math.min(toDrop, in.readableBytes());
        in.skipBytes(bytes);
        toDrop -= bytes;
        if (toDrop > 0) {
            return false;
        }
        phase = Phase.HEADER;
        inFlight++;
        answer(new Answers.Answer(
                Objects.requireNonNull(request),
                execution.refuse(Objects.requireNonNull(refusal)),
                new Reservation(server.memory().small(), 0, server.memory().large())));
        return true;
    }

    private boolean admit() {
        long bytes = RequestExecution.memoryNeeded(Objects.requireNonNull(request));
        MemoryBudget budget = server.memory().forRequestOf(bytes);
        if (heldBytes > 0 && heldBytes + bytes > server.limits().shareBytes()) {
            return false;
        }
        phase = Phase.QUEUED;
        waiter = budget.claim(bytes, () -> LoopTasks.run(channel.eventLoop(), () -> granted(budget, bytes)));
        if (waiter == null) {
            admitted(budget, bytes);
        }
        return true;
    }

    private void granted(MemoryBudget budget, long bytes) {
        if (gone) {
            budget.release(bytes);
            return;
        }
        admitted(budget, bytes);
        advance();
    }

    private void admitted(MemoryBudget budget, long bytes) {
        waiter = null;
        memory = new Reservation(budget, bytes, server.memory().large());
        heldBytes += bytes;
        if (toDrop > 0) {
            payload = channel.alloc().directBuffer((int) toDrop);
            phase = Phase.PAYLOAD;
        } else {
            submit(null);
        }
    }

    private boolean fill(ByteBuf in) {
        ByteBuf filling = Objects.requireNonNull(payload);
        int missing = (int) toDrop - filling.readableBytes();
        in.readBytes(filling, Math.min(missing, in.readableBytes()));
        if (filling.readableBytes() < toDrop) {
            return false;
        }
        payload = null;
        submit(filling);
        return true;
    }

    private void submit(@Nullable ByteBuf content) {
        RequestHeader header = Objects.requireNonNull(request);
        Reservation room = Objects.requireNonNull(memory);
        memory = null;
        phase = Phase.HEADER;
        inFlight++;
        Reply now = content == null ? execution.performNow(header) : null;
        if (now != null) {
            answer(new Answers.Answer(header, now, room));
            return;
        }
        server.blocking().execute(() -> {
            Reply reply = execution.perform(header, content, room);
            if (content != null) {
                content.release();
            }
            answers.add(new Answers.Answer(header, reply, room));
        });
    }

    private void answer(Answers.Answer answer) {
        if (gone) {
            ReplyEncoder.release(answer.reply());
            settle(answer.memory());
            return;
        }
        encoder.encode(answer.request(), answer.reply(), writer);
        writer.finish(() -> settle(answer.memory()));
    }

    /** The last byte of an answer has left, or never will. */
    private void settle(Reservation room) {
        heldBytes -= room.admitted();
        room.release();
        inFlight--;
        if (gone && inFlight == 0) {
            whenGone.run();
        }
        advance();
    }

    @Override
    public void channelInactive(ChannelHandlerContext context) {
        if (gone) {
            return;
        }
        gone = true;
        pending.release();
        if (payload != null) {
            payload.release();
        }
        if (memory != null) {
            memory.release();
        }
        if (waiter != null) {
            // If it was granted already, that call finds nobody here and gives it back.
            waiter.cancel();
        }
        if (watch != null) {
            watch.cancel(false);
        }
        if (inFlight == 0) {
            whenGone.run();
        }
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
        // A broken connection: channelInactive follows.
        var _ = context.close();
    }
}
