package dev.nightjar.nbd.server.transport;

import io.netty.buffer.PooledByteBufAllocator;

/** Where all servers of the process take their buffers from: a pool of its own, so that what it holds is the servers'. */
final class ServerBuffers {

    private static final PooledByteBufAllocator ALLOCATOR = new PooledByteBufAllocator(true);

    private ServerBuffers() {}

    static PooledByteBufAllocator allocator() {
        return ALLOCATOR;
    }
}
