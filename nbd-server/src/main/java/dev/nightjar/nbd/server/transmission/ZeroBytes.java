package dev.nightjar.nbd.server.transmission;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.util.function.Consumer;

/** Zeros for clients that cannot be told of holes: one buffer, sent as often as needed. */
final class ZeroBytes {

    private static final int BYTES = 1 << 20;
    private static final ByteBuf ZEROS = Unpooled.unreleasableBuffer(
            Unpooled.directBuffer(BYTES).writeZero(BYTES).asReadOnly());

    private ZeroBytes() {}

    static void send(int length, Consumer<ByteBuf> wire) {
        for (int rest = length; rest > 0; rest -= BYTES) {
            wire.accept(ZEROS.slice(0, Math.min(rest, BYTES)));
        }
    }
}
