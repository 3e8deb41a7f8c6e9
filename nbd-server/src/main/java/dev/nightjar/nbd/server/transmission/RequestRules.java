package dev.nightjar.nbd.server.transmission;

import dev.nightjar.nbd.protocol.BlockSizes;
import dev.nightjar.nbd.protocol.Command;
import dev.nightjar.nbd.protocol.CommandFlags;
import dev.nightjar.nbd.protocol.ReplyMode;
import dev.nightjar.nbd.protocol.RequestHeader;
import dev.nightjar.nbd.protocol.StatusFilter;
import org.jspecify.annotations.Nullable;

/** Checks a request by its header alone, before a byte of its payload is read or of its answer allocated. */
final class RequestRules {

    private final Session session;

    RequestRules(Session session) {
        this.session = session;
    }

    /** The rule that it breaks, or null: then {@link RequestExecution} may perform it. */
    @Nullable
    RequestRule check(RequestHeader request) {
        Command command = request.command();
        if (command == null) {
            return RequestRule.COMMAND_UNKNOWN;
        }
        if (modifies(command) && !session.disk().writable()) {
            return RequestRule.READ_ONLY;
        }
        RequestRule payload = checkPayload(command, request);
        if (payload != null) {
            return payload;
        }
        if ((request.flags() & ~allowedFlags(command)) != 0) {
            return RequestRule.FLAG_UNKNOWN;
        }
        return switch (command) {
            case READ -> checkData(request, false);
            case WRITE -> checkData(request, true);
            case TRIM -> checkRange(request.offset(), request.length(), false);
            case WRITE_ZEROES -> {
                RequestRule range = checkRange(request.offset(), request.length(), true);
                boolean slow =
                        request.has(CommandFlags.FAST_ZERO) && !session.disk().fastZeroes();
                yield range == null && slow ? RequestRule.NOT_FAST : range;
            }
            case FLUSH -> (request.offset() | request.length()) == 0 ? null : RequestRule.FLUSH_WITH_RANGE;
            case BLOCK_STATUS -> checkStatus(request);
            case CACHE -> RequestRule.CACHE_NOT_OFFERED;
            case DISCONNECT -> null;
        };
    }

    private static boolean modifies(Command command) {
        return switch (command) {
            case WRITE, TRIM, WRITE_ZEROES -> true;
            case READ, DISCONNECT, FLUSH, CACHE, BLOCK_STATUS -> false;
        };
    }

    private @Nullable RequestRule checkPayload(Command command, RequestHeader request) {
        if (!session.mode().extendedHeaders()) {
            // The flag does not exist there: the flags' check refuses it.
            return null;
        }
        return switch (command) {
            case WRITE, BLOCK_STATUS -> null;
            case READ, DISCONNECT, FLUSH, TRIM, CACHE, WRITE_ZEROES ->
                request.has(CommandFlags.PAYLOAD_LEN) ? RequestRule.PAYLOAD_UNEXPECTED : null;
        };
    }

    /** FUA is for every command, as the specification wants it, whether or not it means anything. */
    private int allowedFlags(Command command) {
        int payload = session.mode().extendedHeaders() ? CommandFlags.PAYLOAD_LEN : 0;
        return CommandFlags.FUA
                | switch (command) {
                    case READ -> session.mode() == ReplyMode.SIMPLE ? 0 : CommandFlags.DF;
                    case WRITE -> payload;
                    case WRITE_ZEROES -> CommandFlags.NO_HOLE | CommandFlags.FAST_ZERO;
                    case BLOCK_STATUS -> CommandFlags.REQ_ONE | payload;
                    case DISCONNECT, FLUSH, TRIM, CACHE -> 0;
                };
    }

    private @Nullable RequestRule checkData(RequestHeader request, boolean write) {
        if (Long.compareUnsigned(request.length(), session.blockSizes().maximum()) > 0) {
            return request.has(CommandFlags.DF) ? RequestRule.TOO_LONG_FOR_ONE_CHUNK : RequestRule.TOO_LONG;
        }
        return checkRange(request.offset(), request.length(), write);
    }

    private @Nullable RequestRule checkRange(long offset, long length, boolean write) {
        BlockSizes sizes = session.blockSizes();
        long size = session.disk().sizeBytes();
        // Unsigned numbers: as signed ones the huge are negative.
        if (offset < 0 || length < 0 || offset > size || length > size - offset) {
            return write ? RequestRule.BEYOND_END : RequestRule.OUT_OF_RANGE;
        }
        return ((offset | length) & (sizes.minimum() - 1)) == 0 ? null : RequestRule.UNALIGNED;
    }

    private @Nullable RequestRule checkStatus(RequestHeader request) {
        if (session.contexts().isEmpty()) {
            return RequestRule.STATUS_WITHOUT_CONTEXT;
        }
        if (request.has(CommandFlags.PAYLOAD_LEN)) {
            boolean fits = request.length() >= StatusFilter.bytes(1)
                    && request.length() <= StatusFilter.bytes(session.contexts().size());
            return fits ? null : RequestRule.STATUS_FILTER_LAYOUT;
        }
        return checkStatusRange(request.offset(), request.length());
    }

    /** A filter's length is the one that counts, and comes later. */
    @Nullable
    RequestRule checkStatusRange(long offset, long length) {
        return length == 0 ? RequestRule.STATUS_EMPTY : checkRange(offset, length, false);
    }
}
