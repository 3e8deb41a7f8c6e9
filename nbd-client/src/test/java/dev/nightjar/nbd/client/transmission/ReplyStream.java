package dev.nightjar.nbd.client.transmission;

import dev.nightjar.nbd.protocol.ChunkType;
import dev.nightjar.nbd.protocol.ReplyHeader;
import dev.nightjar.nbd.protocol.ReplyMode;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;

/** What a correct server sends for some reads: pieces of all of them, shuffled, the last of each marked. */
final class ReplyStream {

    private record Piece(int read, long offset, int length, boolean hole) {}

    private final ReplyMode mode;
    private final Random random;
    private final List<ReadExchange> reads;
    private final List<byte[]> expected = new ArrayList<>();

    ReplyStream(ReplyMode mode, List<ReadExchange> reads, Random random) {
        this.mode = mode;
        this.reads = reads;
        this.random = random;
    }

    /** What a read has to return; known after the stream was made. */
    byte[] expected(int read) {
        return expected.get(read);
    }

    /** The replies; the reads have the cookies 1, 2 and so on. */
    ByteBuf bytes() {
        List<Piece> pieces = new ArrayList<>();
        for (int read = 0; read < reads.size(); read++) {
            cut(pieces, read);
        }
        Collections.shuffle(pieces, random);
        int[] left = new int[reads.size()];
        pieces.forEach(piece -> left[piece.read]++);
        ByteBuf out = Unpooled.buffer();
        for (Piece piece : pieces) {
            write(out, piece, --left[piece.read] == 0);
        }
        return out;
    }

    private void cut(List<Piece> pieces, int read) {
        ReadExchange exchange = reads.get(read);
        expected.add(new byte[(int) exchange.length()]);
        long end = exchange.offset() + exchange.length();
        for (long at = exchange.offset(); at < end; ) {
            int length = (int) Math.min(end - at, 1 + random.nextInt(40_000));
            pieces.add(new Piece(read, at, mode == ReplyMode.SIMPLE ? (int) (end - at) : length, hole()));
            at += pieces.getLast().length;
        }
    }

    private boolean hole() {
        return mode != ReplyMode.SIMPLE && random.nextInt(4) == 0;
    }

    private void write(ByteBuf out, Piece piece, boolean last) {
        long cookie = 1L + piece.read;
        int flags = last ? ReplyHeader.DONE : 0;
        int type = piece.hole ? ChunkType.OFFSET_HOLE : ChunkType.OFFSET_DATA;
        int payload = piece.hole ? 12 : 8 + piece.length;
        ReplyHeader header = switch (mode) {
            case SIMPLE -> new ReplyHeader.Simple(0, cookie);
            case STRUCTURED -> new ReplyHeader.Structured(flags, type, cookie, payload);
            case EXTENDED ->
                new ReplyHeader.Extended(
                        flags, type, cookie, reads.get(piece.read).offset(), payload);
        };
        header.encode(out);
        if (mode != ReplyMode.SIMPLE) {
            out.writeLong(piece.offset);
        }
        if (piece.hole) {
            out.writeInt(piece.length);
            return;
        }
        byte[] bytes = new byte[piece.length];
        random.nextBytes(bytes);
        out.writeBytes(bytes);
        int start = (int) (piece.offset - reads.get(piece.read).offset());
        System.arraycopy(bytes, 0, expected.get(piece.read), start, piece.length);
    }
}
