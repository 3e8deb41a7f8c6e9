package dev.nightjar.nbd.client.transmission;

import dev.nightjar.nbd.protocol.BlockStatus;
import dev.nightjar.nbd.protocol.ChunkType;
import dev.nightjar.nbd.protocol.Errno;
import dev.nightjar.nbd.protocol.ErrorChunk;
import dev.nightjar.nbd.protocol.OffsetData;
import dev.nightjar.nbd.protocol.OffsetHole;
import dev.nightjar.nbd.protocol.ReplyHeader;
import dev.nightjar.nbd.protocol.ReplyMode;
import dev.nightjar.nbd.protocol.ViolationException;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.buffer.Unpooled;
import org.jspecify.annotations.Nullable;

/**
 * Takes the bytes of a connection in pieces of any size and brings them to the requests that they answer. Confined to the event
 * loop. After a {@link ViolationException} it must not be fed any more, only {@link #release released}.
 *
 * <p>Content of a read is copied straight to its place; or, where the transport can, received there without a copy: see
 * {@link #receiveSlice}.
 */
public final class ReplyReader {

    /** Below this, a receive call of its own costs more than the copy it saves. In bytes. */
    private static final int SLICE_WORTHWHILE = 16 * 1024;

    /** What the next bytes are. */
    private enum Phase {
        MAGIC,
        HEADER,
        DATA_OFFSET,
        DATA,
        PAYLOAD
    }

    private final ReplyRules rules;
    private final ReplyMode mode;
    private final InFlight inFlight;
    private final ByteBufAllocator allocator;

    private final ByteBuf head = Unpooled.buffer(ReplyHeader.EXTENDED_BYTES);
    private Phase phase = Phase.MAGIC;
    /** Where bytes go now; null throws them away. Owned here in PAYLOAD, by the exchange in DATA, never in the others. */
    private @Nullable ByteBuf target;

    private int position;
    private int remaining;
    private ReplyHeader.@Nullable Chunk chunk;
    private @Nullable Exchange exchange;
    private long cookie;

    public ReplyReader(ReplyMode mode, InFlight inFlight, ByteBufAllocator allocator) {
        this.mode = mode;
        this.rules = new ReplyRules(mode, inFlight);
        this.inFlight = inFlight;
        this.allocator = allocator;
        expectHead(Phase.MAGIC, 4);
    }

    /** Consumes all of the buffer. Does not release it. */
    public void read(ByteBuf in) {
        while (in.isReadable()) {
            int bytes = Math.min(in.readableBytes(), remaining);
            if (target == null) {
                in.skipBytes(bytes);
            } else {
                target.setBytes(position, in, bytes);
            }
            advance(bytes);
        }
    }

    /**
     * The memory that the next bytes belong to, to receive into, or null if it is too small for that to pay, or not known yet. The
     * caller releases it, and says by {@link #received} how many bytes it got.
     */
    public @Nullable ByteBuf receiveSlice() {
        return target != null && remaining >= SLICE_WORTHWHILE
                ? target.retainedSlice(position, remaining).clear()
                : null;
    }

    /** Instead of {@link #read}, after bytes came into the slice. */
    public void received(int bytes) {
        advance(bytes);
    }

    /** Gives back what is held. */
    public void release() {
        if (phase == Phase.PAYLOAD && target != null) {
            target.release();
        }
        target = null;
        head.release();
    }

    private void advance(int bytes) {
        position += bytes;
        remaining -= bytes;
        if (remaining == 0) {
            finishPhase();
        }
    }

    private void finishPhase() {
        switch (phase) {
            case MAGIC -> {
                int all = ReplyHeader.bytes(head.getInt(0));
                phase = Phase.HEADER;
                remaining = all - 4;
            }
            case HEADER -> header(ReplyHeader.decode(head.setIndex(0, position)));
            case DATA_OFFSET -> dataOffset(OffsetData.decode(head.setIndex(0, position)));
            case DATA -> endOfChunk();
            case PAYLOAD -> payload();
        }
    }

    private void header(ReplyHeader header) {
        cookie = header.cookie();
        switch (header) {
            case ReplyHeader.Simple simple -> simple(simple);
            case ReplyHeader.Chunk received -> chunk(received);
        }
    }

    private void simple(ReplyHeader.Simple simple) {
        Exchange found = rules.simple(simple);
        chunk = null;
        exchange = found;
        if (simple.error() != 0) {
            found.fail(Errno.of(simple.error()), "", null);
            endOfChunk();
        } else if (found instanceof ReadExchange read) {
            data(read, read.offset(), read.length());
        } else {
            endOfChunk();
        }
    }

    private void chunk(ReplyHeader.Chunk received) {
        exchange = rules.chunk(received);
        chunk = received;
        if (received.type() == ChunkType.OFFSET_DATA) {
            expectHead(Phase.DATA_OFFSET, OffsetData.BYTES);
        } else if (received.length() == 0) {
            endOfChunk();
        } else {
            // ReplyRules has bounded the length by the chunk's type.
            int length = (int) received.length();
            phase = Phase.PAYLOAD;
            position = 0;
            remaining = length;
            target = allocator.directBuffer(length, length);
        }
    }

    private void dataOffset(OffsetData data) {
        if (chunk != null && exchange instanceof ReadExchange read) {
            data(read, data.offset(), chunk.length() - OffsetData.BYTES);
        }
    }

    private void data(ReadExchange read, long offset, long length) {
        position = read.claim(offset, length);
        remaining = (int) length;
        target = read.destination(allocator);
        phase = Phase.DATA;
    }

    private void payload() {
        ByteBuf payload = target;
        target = null;
        if (payload == null || chunk == null || exchange == null) {
            throw new IllegalStateException("a payload without chunk");
        }
        try {
            decode(payload.writerIndex(position), chunk, exchange);
        } finally {
            payload.release();
        }
        endOfChunk();
    }

    private void decode(ByteBuf payload, ReplyHeader.Chunk of, Exchange to) {
        if (ChunkType.isError(of.type())) {
            to.fail(ErrorChunk.decode(of.type(), payload));
        } else if (to instanceof StatusExchange status) {
            BlockStatus decoded = BlockStatus.decode(payload, mode);
            if (!status.failed()) {
                status.add(decoded);
            }
        } else if (to instanceof ReadExchange read) {
            OffsetHole hole = OffsetHole.decode(payload);
            int start = read.claim(hole.offset(), hole.length());
            ByteBuf destination = read.destination(allocator);
            if (destination != null) {
                destination.setZero(start, (int) hole.length());
            }
        }
    }

    private void endOfChunk() {
        target = null;
        Exchange ended = exchange;
        boolean done = chunk == null || chunk.done();
        exchange = null;
        chunk = null;
        expectHead(Phase.MAGIC, 4);
        if (ended != null && done && !rules.straggler()) {
            inFlight.answered(cookie, ended);
        }
    }

    private void expectHead(Phase next, int bytes) {
        phase = next;
        position = 0;
        remaining = bytes;
        target = head;
    }
}
