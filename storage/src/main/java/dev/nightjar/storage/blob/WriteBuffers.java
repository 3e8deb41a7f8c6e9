package dev.nightjar.storage.blob;

import java.nio.ByteBuffer;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;

/** Aligned memory in which blobs that are being written gather what goes to the disk next; some of it is kept. Thread-safe. */
final class WriteBuffers {

    /** Of each buffer. A megabyte at a time is enough for a disk, and as much as a processor's cache holds without harm. */
    static final int BYTES = 1 << 20;

    private static final int MOST_IDLE = 4;

    private final BlockingQueue<ByteBuffer> idle = new ArrayBlockingQueue<>(MOST_IDLE);

    ByteBuffer take() {
        ByteBuffer buffer = idle.poll();
        return buffer == null ? DirectIo.allocate(BYTES) : buffer.clear();
    }

    void giveBack(ByteBuffer buffer) {
        // A full pool lets the buffer go to the garbage collector.
        boolean kept = idle.offer(buffer);
        assert kept || idle.remainingCapacity() == 0;
    }
}
