package dev.nightjar.nbd.protocol;

import io.netty.buffer.ByteBuf;
import java.util.ArrayList;
import java.util.List;

/**
 * The payload with which BLOCK_STATUS asks for some contexts only: {@code u64 effect length, n × u32 context}. With extended headers,
 * and where the server announced {@link TransmissionFlags#BLOCK_STATUS_PAYLOAD}.
 *
 * @param length bytes of the export that are asked about, unsigned
 * @param contextIds as granted in the handshake, unsigned 32 bits each
 */
public record StatusFilter(long length, List<Long> contextIds) {

    private static final int HEAD = 8;
    private static final int EACH = 4;

    public StatusFilter {
        contextIds = List.copyOf(contextIds);
    }

    /** Bytes of a payload that names so many contexts. */
    public static int bytes(int contexts) {
        return HEAD + EACH * contexts;
    }

    public void encode(ByteBuf out) {
        out.writeLong(length);
        contextIds.forEach(id -> out.writeInt(id.intValue()));
    }

    /**
     * Reads all of the buffer.
     *
     * @throws ViolationException STATUS_FILTER
     */
    public static StatusFilter decode(ByteBuf in) {
        int rest = in.readableBytes() - HEAD;
        if (rest < 0 || rest % EACH != 0) {
            throw new ViolationException(Violation.STATUS_FILTER, in.readableBytes() + " bytes");
        }
        long length = in.readLong();
        List<Long> ids = new ArrayList<>(rest / EACH);
        while (in.isReadable()) {
            ids.add(in.readUnsignedInt());
        }
        return new StatusFilter(length, ids);
    }
}
