package dev.nightjar.nbd.client.transmission;

import dev.nightjar.nbd.protocol.BlockStatus;
import dev.nightjar.nbd.protocol.ChunkType;
import dev.nightjar.nbd.protocol.Limits;
import dev.nightjar.nbd.protocol.OffsetData;
import dev.nightjar.nbd.protocol.OffsetHole;
import dev.nightjar.nbd.protocol.ReplyHeader;
import dev.nightjar.nbd.protocol.ReplyMode;
import dev.nightjar.nbd.protocol.Violation;
import dev.nightjar.nbd.protocol.ViolationException;

/** Everything that can be refused by a reply's header alone, before any of its payload is waited for or allocated. */
final class ReplyRules {

    private static final int ERROR_HEAD = 6;

    private final ReplyMode mode;
    private final InFlight inFlight;
    private boolean straggler;

    ReplyRules(ReplyMode mode, InFlight inFlight) {
        this.mode = mode;
        this.inFlight = inFlight;
    }

    /** Whether the last header belonged to a block status request that is answered already. */
    boolean straggler() {
        return straggler;
    }

    /**
     * Where chunks are negotiated, a simple reply may answer anything but a read, and must not carry content (section "Simple reply
     * message").
     */
    Exchange simple(ReplyHeader.Simple header) {
        straggler = false;
        if (mode == ReplyMode.EXTENDED) {
            throw new ViolationException(Violation.REPLY_STYLE, "a simple reply with " + mode + " headers");
        }
        Exchange exchange = inFlight.require(header.cookie());
        boolean allowed = switch (exchange.command()) {
            case READ -> mode == ReplyMode.SIMPLE;
            case BLOCK_STATUS -> header.error() != 0;
            case WRITE, DISCONNECT, FLUSH, TRIM, CACHE, WRITE_ZEROES -> true;
        };
        if (!allowed) {
            throw new ViolationException(Violation.REPLY_STYLE, "a simple reply to " + exchange.command());
        }
        return exchange;
    }

    Exchange chunk(ReplyHeader.Chunk header) {
        straggler = false;
        style(header);
        Exchange exchange = find(header);
        if (header instanceof ReplyHeader.Extended extended && extended.offset() != exchange.offset()) {
            throw new ViolationException(
                    Violation.OFFSET_ECHO,
                    "offset %d for a request at %d".formatted(extended.offset(), exchange.offset()));
        }
        if (ChunkType.isError(header.type())) {
            between(header, ERROR_HEAD, Limits.ERROR_PAYLOAD_BYTES);
        } else {
            content(header, exchange);
        }
        return exchange;
    }

    private void style(ReplyHeader.Chunk header) {
        boolean negotiated = switch (header) {
            case ReplyHeader.Structured _ -> mode == ReplyMode.STRUCTURED;
            case ReplyHeader.Extended _ -> mode == ReplyMode.EXTENDED;
        };
        if (!negotiated) {
            throw new ViolationException(
                    Violation.REPLY_STYLE, header.getClass().getSimpleName() + " chunk with " + mode + " replies");
        }
    }

    private Exchange find(ReplyHeader.Chunk header) {
        StatusExchange late = inFlight.straggler(header.cookie());
        if (late == null) {
            return inFlight.require(header.cookie());
        }
        straggler = true;
        return late;
    }

    private void content(ReplyHeader.Chunk header, Exchange exchange) {
        switch (header.type()) {
            case ChunkType.NONE -> {
                between(header, 0, 0);
                if (!header.done()) {
                    throw new ViolationException(Violation.NONE_NOT_DONE, "for " + exchange.command());
                }
            }
            case ChunkType.OFFSET_DATA -> {
                allow(header, exchange instanceof ReadExchange, exchange);
                if (header.length() == OffsetData.BYTES) {
                    throw new ViolationException(Violation.DATA_EMPTY, "a data chunk of 0 bytes");
                }
                between(header, OffsetData.BYTES + 1, OffsetData.BYTES + exchange.length());
            }
            case ChunkType.OFFSET_HOLE -> {
                allow(header, exchange instanceof ReadExchange, exchange);
                between(header, OffsetHole.BYTES, OffsetHole.BYTES);
            }
            case ChunkType.BLOCK_STATUS, ChunkType.BLOCK_STATUS_EXT -> {
                allow(header, exchange instanceof StatusExchange, exchange);
                if (header.type() != ChunkType.blockStatus(mode)) {
                    throw new ViolationException(
                            Violation.STATUS_TYPE, "type " + header.type() + " with " + mode + " headers");
                }
                BlockStatus.checkLength(header.length(), mode);
            }
            default -> throw new ViolationException(Violation.CHUNK_UNKNOWN, "type " + header.type());
        }
    }

    private static void allow(ReplyHeader.Chunk header, boolean allowed, Exchange exchange) {
        if (!allowed) {
            throw new ViolationException(
                    Violation.CHUNK_UNEXPECTED, "type " + header.type() + " in reply to " + exchange.command());
        }
    }

    private static void between(ReplyHeader.Chunk header, long least, long most) {
        if (Long.compareUnsigned(header.length(), least) < 0 || Long.compareUnsigned(header.length(), most) > 0) {
            throw new ViolationException(
                    Violation.CHUNK_LENGTH,
                    "%s bytes in a chunk of type %d, between %d and %d expected"
                            .formatted(Long.toUnsignedString(header.length()), header.type(), least, most));
        }
    }
}
