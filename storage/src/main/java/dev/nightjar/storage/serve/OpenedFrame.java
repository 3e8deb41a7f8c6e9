package dev.nightjar.storage.serve;

import dev.nightjar.storage.content.LoadedFrame;
import java.nio.ByteBuffer;
import java.util.concurrent.atomic.AtomicInteger;

/** A frame off the heap, with a count of those who use it: the cache, and everybody who got a slice. Thread-safe. */
final class OpenedFrame implements MemoryHold {

    private final LoadedFrame frame;
    private final ByteBuffer memory;
    private final FrameMemory home;
    private final AtomicInteger users = new AtomicInteger(1);

    /** A frame with one user, the caller. */
    OpenedFrame(LoadedFrame frame, ByteBuffer memory, FrameMemory home) {
        this.frame = frame;
        this.memory = memory;
        this.home = home;
    }

    /** The content; to be used only while held. */
    LoadedFrame frame() {
        return frame;
    }

    int bytes() {
        return memory.capacity();
    }

    /** One more user; false if there was none left, and the memory is somebody else's. */
    boolean hold() {
        int now = users.get();
        while (now > 0) {
            if (users.compareAndSet(now, now + 1)) {
                return true;
            }
            now = users.get();
        }
        return false;
    }

    /** One more user, for somebody who is one already. */
    OpenedFrame heldAgain() {
        if (!hold()) {
            throw new IllegalStateException("a frame was used after it was given back");
        }
        return this;
    }

    @Override
    public void release() {
        int left = users.decrementAndGet();
        if (left == 0) {
            home.give(memory);
        } else if (left < 0) {
            throw new IllegalStateException("a frame was given back more often than it was taken");
        }
    }
}
