package dev.nightjar.fuzz;

import dev.nightjar.nbd.client.transmission.EffectExchange;
import dev.nightjar.nbd.client.transmission.Exchange;
import dev.nightjar.nbd.client.transmission.ReadExchange;
import dev.nightjar.nbd.client.transmission.StatusExchange;
import dev.nightjar.nbd.protocol.ReplyMode;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.util.ArrayList;
import java.util.List;

/**
 * Requests in flight, with the cookies 1, 2 …, and the stream that answers them:
 *
 * <pre>
 * u8 mode · u8 bytes at a time · u8 count · count × {u8 kind, u8 contexts or DF, u64 offset, u32 length} · stream
 * </pre>
 */
record RecordedRequests(ReplyMode mode, int step, List<Item> items, ByteBuf stream) {

    /** More would only slow the fuzzer down. */
    static final int MOST_READ_BYTES = 1 << 16;

    /** In the order of their numbers in an input. */
    static final List<ReplyMode> MODES = List.of(ReplyMode.SIMPLE, ReplyMode.STRUCTURED, ReplyMode.EXTENDED);

    private static final int MOST_ITEMS = 16;
    private static final long OFFSETS = (1L << 62) - 1;

    /** Kinds 0 to 3: read, block status, write zeroes, flush. */
    record Item(int kind, int detail, long offset, long length) {}

    static RecordedRequests read(ByteBuf in) {
        ReplyMode mode = MODES.get(next(in) % 3);
        int step = 1 + next(in) * 17;
        int count = next(in) % (MOST_ITEMS + 1);
        List<Item> items = new ArrayList<>();
        for (int i = 0; i < count && in.readableBytes() >= 14; i++) {
            items.add(new Item(
                    next(in) % 4, next(in), in.readLong() & OFFSETS, 1 + in.readUnsignedInt() % MOST_READ_BYTES));
        }
        return new RecordedRequests(mode, step, items, in);
    }

    private static int next(ByteBuf in) {
        return in.isReadable() ? in.readUnsignedByte() : 0;
    }

    /** The input that reads back as this. */
    byte[] write() {
        ByteBuf out = Unpooled.buffer();
        out.writeByte(MODES.indexOf(mode)).writeByte((step - 1) / 17).writeByte(items.size());
        for (Item item : items) {
            out.writeByte(item.kind)
                    .writeByte(item.detail)
                    .writeLong(item.offset)
                    .writeInt((int) item.length - 1);
        }
        out.writeBytes(stream);
        byte[] bytes = new byte[out.readableBytes()];
        out.readBytes(bytes);
        return bytes;
    }

    List<Exchange> exchanges() {
        return items.stream().map(RecordedRequests::exchange).toList();
    }

    private static Exchange exchange(Item item) {
        return switch (item.kind) {
            case 0 -> new ReadExchange(item.offset, (int) item.length, item.detail % 2 == 1);
            case 1 -> StatusExchange.all(item.offset, item.length, 1 + item.detail % 3, item.detail % 16 > 12);
            case 2 -> EffectExchange.writeZeroes(item.offset, item.length, true);
            default -> EffectExchange.flush();
        };
    }

    /** What the reads among them may hold. */
    long readBytes() {
        return items.stream()
                .filter(item -> item.kind == 0)
                .mapToLong(Item::length)
                .sum();
    }
}
