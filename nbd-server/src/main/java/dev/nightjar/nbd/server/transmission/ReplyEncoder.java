package dev.nightjar.nbd.server.transmission;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.nightjar.nbd.protocol.ChunkType;
import dev.nightjar.nbd.protocol.CommandFlags;
import dev.nightjar.nbd.protocol.ErrorChunk;
import dev.nightjar.nbd.protocol.OffsetData;
import dev.nightjar.nbd.protocol.OffsetHole;
import dev.nightjar.nbd.protocol.ReplyHeader;
import dev.nightjar.nbd.protocol.ReplyMode;
import dev.nightjar.nbd.protocol.RequestHeader;
import dev.nightjar.nbd.server.export.ServedDisk.Piece;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import java.util.List;
import java.util.function.Consumer;

/**
 * Turns replies into the buffers that go on the wire, in the connection's mode. Data is never copied: the disk's buffers follow the
 * headers. Immutable.
 */
public final class ReplyEncoder {

    /** QEMU gives a connection up on a payload without data of more than 1000 bytes. */
    private static final int MESSAGE_BYTES = 512;

    private final ReplyMode mode;
    private final ByteBufAllocator allocator;

    public ReplyEncoder(ReplyMode mode, ByteBufAllocator allocator) {
        this.mode = mode;
        this.allocator = allocator;
    }

    /** Hands the buffers of a reply to the wire, which owns them then. At least one. */
    public void encode(RequestHeader request, Reply reply, Consumer<ByteBuf> wire) {
        switch (reply) {
            case Reply.Done _ -> {
                if (mode == ReplyMode.SIMPLE) {
                    wire.accept(simple(request, 0));
                } else {
                    wire.accept(chunk(request, true, ChunkType.NONE, 0, 0));
                }
            }
            case Reply.Content(List<Piece> pieces) -> content(request, pieces, wire);
            case Reply.Statuses(List<ByteBuf> payloads) -> {
                for (int i = 0; i < payloads.size(); i++) {
                    ByteBuf payload = payloads.get(i);
                    boolean last = i == payloads.size() - 1;
                    wire.accept(chunk(request, last, ChunkType.blockStatus(mode), payload.readableBytes(), 0));
                    wire.accept(payload);
                }
            }
            case Reply.Failed failed -> wire.accept(error(request, failed));
        }
    }

    /** A reply that nobody will read. */
    public static void release(Reply reply) {
        switch (reply) {
            case Reply.Content(List<Piece> pieces) -> {
                for (Piece piece : pieces) {
                    if (piece instanceof Piece.Data(ByteBuf bytes)) {
                        bytes.release();
                    }
                }
            }
            case Reply.Statuses(List<ByteBuf> payloads) -> payloads.forEach(ByteBuf::release);
            case Reply.Done _, Reply.Failed _ -> {}
        }
    }

    private void content(RequestHeader request, List<Piece> pieces, Consumer<ByteBuf> wire) {
        if (mode == ReplyMode.SIMPLE) {
            wire.accept(simple(request, 0));
            pieces.forEach(piece -> plain(piece, wire));
            return;
        }
        if (request.has(CommandFlags.DF) && !allZeros(pieces)) {
            data(request, true, request.offset(), pieces, wire);
            return;
        }
        long offset = request.offset();
        int next = 0;
        while (next < pieces.size()) {
            int begin = next;
            long length = 0;
            boolean zeros = pieces.get(begin) instanceof Piece.Zeros;
            while (next < pieces.size() && pieces.get(next) instanceof Piece.Zeros == zeros) {
                length += pieces.get(next).length();
                next++;
            }
            boolean last = next == pieces.size();
            if (zeros) {
                ByteBuf hole = chunk(request, last, ChunkType.OFFSET_HOLE, OffsetHole.BYTES, OffsetHole.BYTES);
                new OffsetHole(offset, length).encode(hole);
                wire.accept(hole);
            } else {
                data(request, last, offset, pieces.subList(begin, next), wire);
            }
            offset += length;
        }
    }

    private static boolean allZeros(List<Piece> pieces) {
        return pieces.stream().allMatch(Piece.Zeros.class::isInstance);
    }

    private void data(RequestHeader request, boolean last, long offset, List<Piece> pieces, Consumer<ByteBuf> wire) {
        long length = OffsetData.BYTES;
        for (Piece piece : pieces) {
            length += piece.length();
        }
        ByteBuf head = chunk(request, last, ChunkType.OFFSET_DATA, length, OffsetData.BYTES);
        new OffsetData(offset).encode(head);
        wire.accept(head);
        for (Piece piece : pieces) {
            plain(piece, wire);
        }
    }

    private static void plain(Piece piece, Consumer<ByteBuf> wire) {
        switch (piece) {
            case Piece.Data(ByteBuf bytes) -> wire.accept(bytes);
            case Piece.Zeros(int length) -> ZeroBytes.send(length, wire);
        }
    }

    private ByteBuf simple(RequestHeader request, int error) {
        ByteBuf out = allocator.directBuffer(ReplyHeader.SIMPLE_BYTES);
        new ReplyHeader.Simple(error, request.cookie()).encode(out);
        return out;
    }

    /** A header, with room for so many bytes after it. */
    private ByteBuf chunk(RequestHeader request, boolean last, int type, long payload, int room) {
        int flags = last ? ReplyHeader.DONE : 0;
        ByteBuf out = allocator.directBuffer(ReplyHeader.EXTENDED_BYTES + room);
        ReplyHeader header = mode.extendedHeaders()
                ? new ReplyHeader.Extended(flags, type, request.cookie(), request.offset(), payload)
                : new ReplyHeader.Structured(flags, type, request.cookie(), payload);
        header.encode(out);
        return out;
    }

    private ByteBuf error(RequestHeader request, Reply.Failed failed) {
        if (mode == ReplyMode.SIMPLE) {
            return simple(request, failed.errno().number());
        }
        ErrorChunk error = new ErrorChunk(failed.errno(), cut(failed.message()), null);
        int payload = 4 + 2 + error.message().getBytes(UTF_8).length;
        ByteBuf out = chunk(request, true, error.type(), payload, payload);
        error.encode(out);
        return out;
    }

    /** At most so many bytes, of whole characters, without NUL. */
    private static String cut(String message) {
        String clean = message.replace('\0', ' ');
        int end = clean.length();
        while (clean.substring(0, end).getBytes(UTF_8).length > MESSAGE_BYTES) {
            end = end > MESSAGE_BYTES ? MESSAGE_BYTES : end - 1;
        }
        return clean.substring(0, end);
    }
}
