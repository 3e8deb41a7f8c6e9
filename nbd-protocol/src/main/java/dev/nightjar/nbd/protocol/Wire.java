package dev.nightjar.nbd.protocol;

import io.netty.buffer.ByteBuf;

/** Checks that every decoder needs. */
final class Wire {

    private Wire() {}

    static void need(ByteBuf in, int bytes, Violation otherwise) {
        if (in.readableBytes() < bytes) {
            throw new ViolationException(otherwise, bytes + " bytes needed, " + in.readableBytes() + " present");
        }
    }

    static void end(ByteBuf in, Violation otherwise) {
        if (in.isReadable()) {
            throw new ViolationException(otherwise, in.readableBytes() + " bytes left over");
        }
    }
}
