package dev.nightjar.storage.ingest;

import java.nio.ByteBuffer;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;

/** Buffers of one size for regions, reused up to a number. Thread-safe. */
final class RegionBuffers {

    private final int bytes;
    private final BlockingQueue<ByteBuffer> idle;

    RegionBuffers(int bytes, int most) {
        this.bytes = bytes;
        idle = new ArrayBlockingQueue<>(most);
    }

    /** The size of each. */
    int bytes() {
        return bytes;
    }

    ByteBuffer take() {
        ByteBuffer buffer = idle.poll();
        return buffer == null ? ByteBuffer.allocate(bytes) : buffer.clear();
    }

    void giveBack(ByteBuffer buffer) {
        // A full pool lets the buffer go to the garbage collector.
        boolean kept = idle.offer(buffer);
        assert kept || idle.remainingCapacity() == 0;
    }
}
