package dev.nightjar.nbd.server.transport;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;

/** Bytes that have come and are not understood yet. Owns its buffer. Confined to an event loop. */
final class Cumulation {

    private ByteBuf bytes = Unpooled.EMPTY_BUFFER;

    /** Takes the buffer over. */
    void add(ByteBuf more) {
        if (!bytes.isReadable()) {
            bytes.release();
            bytes = more;
            return;
        }
        ByteBuf joined = more.alloc().directBuffer(bytes.readableBytes() + more.readableBytes());
        joined.writeBytes(bytes).writeBytes(more);
        bytes.release();
        more.release();
        bytes = joined;
    }

    ByteBuf bytes() {
        return bytes;
    }

    void release() {
        bytes.release();
        bytes = Unpooled.EMPTY_BUFFER;
    }
}
