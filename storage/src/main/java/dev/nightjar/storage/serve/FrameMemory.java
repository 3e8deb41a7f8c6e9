package dev.nightjar.storage.serve;

import dev.nightjar.storage.seal.SealedFrame;
import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.stream.Stream;

/**
 * Memory off the heap for opened frames. What is given back is used again, for allocating and clearing it costs as much as opening a small frame. Thread-safe.
 */
final class FrameMemory {

    /** Buffers are as long as a multiple of this. */
    private static final int GRAIN = 64 * 1024;

    private static final int SIZES = SealedFrame.MAX_PLAIN_BYTES / GRAIN + 1;

    private final long idleLimit;
    private final List<Deque<ByteBuffer>> idle;
    private long idleBytes;

    /** Keeps at most {@code idleLimit} bytes for later. */
    FrameMemory(long idleLimit) {
        this.idleLimit = idleLimit;
        this.idle =
                Stream.<Deque<ByteBuffer>>generate(ArrayDeque::new).limit(SIZES).toList();
    }

    /** A buffer with so many bytes from position to limit, whatever is in them. */
    ByteBuffer take(int length) {
        int size = Math.ceilDiv(length, GRAIN);
        ByteBuffer buffer;
        synchronized (idle) {
            buffer = idle.get(size).poll();
            idleBytes -= buffer == null ? 0 : buffer.capacity();
        }
        if (buffer == null) {
            buffer = ByteBuffer.allocateDirect(size * GRAIN);
        }
        return buffer.clear().limit(length);
    }

    /** Takes a buffer back that nobody uses any more. */
    void give(ByteBuffer buffer) {
        synchronized (idle) {
            if (idleBytes + buffer.capacity() <= idleLimit) {
                idleBytes += buffer.capacity();
                idle.get(buffer.capacity() / GRAIN).push(buffer);
            }
        }
    }
}
