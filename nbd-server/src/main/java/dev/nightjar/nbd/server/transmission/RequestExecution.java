package dev.nightjar.nbd.server.transmission;

import dev.nightjar.nbd.protocol.BlockStatusWriter;
import dev.nightjar.nbd.protocol.Command;
import dev.nightjar.nbd.protocol.CommandFlags;
import dev.nightjar.nbd.protocol.Errno;
import dev.nightjar.nbd.protocol.Limits;
import dev.nightjar.nbd.protocol.RequestHeader;
import dev.nightjar.nbd.protocol.StatusFilter;
import dev.nightjar.nbd.protocol.ViolationException;
import dev.nightjar.nbd.server.export.ServedDisk;
import dev.nightjar.nbd.server.export.ServedDisk.Piece;
import dev.nightjar.nbd.server.export.ServedDiskException;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Performs requests on a disk. Thread-safe. Never throws what a disk throws: that is an answer too. */
public final class RequestExecution {

    private final Session session;
    private final RequestRules rules;
    private final ByteBufAllocator allocator;

    public RequestExecution(Session session, ByteBufAllocator allocator) {
        this.session = session;
        this.rules = new RequestRules(session);
        this.allocator = allocator;
    }

    /** The rule that a request breaks by its header alone, or null. */
    public @Nullable RequestRule check(RequestHeader request) {
        return rules.check(request);
    }

    /** Bytes that a request needs while it is in flight; what block status needs beyond, it asks for as it grows. */
    public static long memoryNeeded(RequestHeader request) {
        return switch (Objects.requireNonNull(request.command())) {
            case READ, WRITE -> request.length();
            case BLOCK_STATUS -> StatusCollector.STEP;
            case DISCONNECT, FLUSH, TRIM, CACHE, WRITE_ZEROES -> 0;
        };
    }

    /** Performs it if that takes no waiting, on an event loop; null if {@link #perform} has to. */
    public @Nullable Reply performNow(RequestHeader request) {
        if (request.command() != Command.READ || request.length() == 0) {
            return null;
        }
        int length = (int) request.length();
        try {
            List<Piece> pieces = session.disk().readNow(request.offset(), length);
            return pieces == null ? null : content(pieces, length);
        } catch (RuntimeException e) {
            return failed(e);
        }
    }

    /**
     * Performs it; may block.
     *
     * @param request that {@link #check} has nothing against
     * @param payload of a write or of a block status filter; read, not released
     */
    public Reply perform(RequestHeader request, @Nullable ByteBuf payload, Reservation memory) {
        try {
            Reply reply = dispatch(request, payload, memory);
            if (!(reply instanceof Reply.Content) && !(reply instanceof Reply.Failed)) {
                session.tally().answered();
            }
            return reply;
        } catch (RuntimeException | OutOfMemoryError e) {
            return failed(e);
        }
    }

    private Reply dispatch(RequestHeader request, @Nullable ByteBuf payload, Reservation memory) {
        ServedDisk disk = session.disk();
        long offset = request.offset();
        long length = request.length();
        return switch (Objects.requireNonNull(request.command())) {
            case READ -> read(offset, (int) length);
            case WRITE -> {
                if (length > 0) {
                    disk.write(offset, Objects.requireNonNull(payload));
                }
                yield durable(request, length);
            }
            case WRITE_ZEROES -> {
                if (length > 0) {
                    disk.writeZeroes(offset, length, !request.has(CommandFlags.NO_HOLE));
                }
                yield durable(request, 0);
            }
            case TRIM -> {
                if (length > 0) {
                    disk.trim(offset, length);
                }
                yield durable(request, 0);
            }
            case FLUSH -> {
                disk.flush();
                yield Reply.DONE;
            }
            case BLOCK_STATUS -> status(request, payload, memory);
            case CACHE -> new Reply.Failed(RequestRule.CACHE_NOT_OFFERED);
            case DISCONNECT -> Reply.DONE;
        };
    }

    private Reply durable(RequestHeader request, long written) {
        if (request.has(CommandFlags.FUA)) {
            session.disk().flush();
        }
        if (written > 0) {
            session.tally().addWritten(written);
        }
        return Reply.DONE;
    }

    private Reply read(long offset, int length) {
        return length == 0 ? Reply.DONE : content(session.disk().read(offset, length), length);
    }

    private Reply content(List<Piece> pieces, int length) {
        long covered = 0;
        for (Piece piece : pieces) {
            covered += piece.length();
        }
        Reply.Content content = new Reply.Content(pieces);
        if (covered != length) {
            ReplyEncoder.release(content);
            throw new IllegalStateException("the disk read " + covered + " bytes instead of " + length);
        }
        session.tally().read(length);
        return content;
    }

    private Reply status(RequestHeader request, @Nullable ByteBuf payload, Reservation memory) {
        List<StatusContext> contexts = session.contexts();
        long length = request.length();
        if (request.has(CommandFlags.PAYLOAD_LEN)) {
            StatusFilter filter = decode(Objects.requireNonNull(payload));
            contexts = chosen(filter);
            length = filter.length();
            RequestRule broken = rules.checkStatusRange(request.offset(), length);
            if (broken != null) {
                throw new RefusedRequestException(broken);
            }
        }
        List<ByteBuf> payloads = new ArrayList<>(contexts.size());
        int most = Math.max(1, Limits.STATUS_DESCRIPTORS / contexts.size());
        try {
            for (StatusContext context : contexts) {
                ByteBuf out = allocator.directBuffer(256);
                payloads.add(out);
                collect(request, length, context, out, most, memory);
            }
            return new Reply.Statuses(payloads);
        } catch (RuntimeException | OutOfMemoryError e) {
            payloads.forEach(ByteBuf::release);
            throw e;
        }
    }

    private void collect(
            RequestHeader request, long length, StatusContext context, ByteBuf out, int most, Reservation memory) {
        boolean one = request.has(CommandFlags.REQ_ONE);
        StatusCollector collector = new StatusCollector(
                new BlockStatusWriter(out, session.mode(), context.id()),
                memory,
                session.mode(),
                one ? 1 : most,
                length,
                one ? length : session.disk().sizeBytes() - request.offset());
        session.disk().status(context.name(), request.offset(), length, collector);
        collector.finish();
    }

    private static StatusFilter decode(ByteBuf payload) {
        try {
            return StatusFilter.decode(payload);
        } catch (ViolationException e) {
            RefusedRequestException refused = new RefusedRequestException(RequestRule.STATUS_FILTER_LAYOUT);
            refused.initCause(e);
            throw refused;
        }
    }

    private List<StatusContext> chosen(StatusFilter filter) {
        Set<Long> wanted = new HashSet<>(filter.contextIds());
        List<StatusContext> chosen = session.contexts().stream()
                .filter(context -> wanted.contains(context.id()))
                .toList();
        if (chosen.isEmpty() || chosen.size() != filter.contextIds().size()) {
            throw new RefusedRequestException(RequestRule.STATUS_FILTER_CONTEXT);
        }
        return chosen;
    }

    /** Counts and answers a request that is not performed. */
    public Reply refuse(RequestRule rule) {
        session.tally().failed();
        return new Reply.Failed(rule);
    }

    private Reply failed(Throwable cause) {
        session.tally().failed();
        return switch (cause) {
            case RefusedRequestException refused -> new Reply.Failed(refused.rule());
            case ServedDiskException failure ->
                new Reply.Failed(failure.errno(), Objects.requireNonNullElse(failure.getMessage(), ""));
            case OutOfMemoryError _ -> new Reply.Failed(Errno.ENOMEM, "out of memory");
            default -> new Reply.Failed(Errno.EIO, "the disk failed unexpectedly");
        };
    }
}
