package dev.nightjar.storage.serve;

import dev.nightjar.storage.content.BoundedCache;
import dev.nightjar.storage.content.FrameKey;
import dev.nightjar.storage.content.LoadedFrame;
import dev.nightjar.storage.content.PackFrames;
import java.nio.ByteBuffer;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/** Opened frames off the heap, shared by everybody who reads points of one repository. Thread-safe. */
final class FrameCache implements AutoCloseable {

    /** The part of the limit that memory may take while it waits for its next frame. */
    private static final int IDLE_PART = 8;

    private final PackFrames packs;
    private final FrameMemory memory;
    private final BoundedCache<FrameKey, OpenedFrame> frames;

    FrameCache(PackFrames packs, long limitBytes) {
        this.packs = packs;
        memory = new FrameMemory(limitBytes / IDLE_PART);
        frames = new BoundedCache<>(limitBytes - limitBytes / IDLE_PART, OpenedFrame::bytes, OpenedFrame::release);
    }

    /** The frame, held once more for the caller, who releases it. Throws what {@link PackFrames#load} throws. */
    OpenedFrame hold(FrameKey key) {
        while (true) {
            OpenedFrame frame = frames.get(key, this::open);
            // It may have been dropped since, when there is much to read.
            if (frame.hold()) {
                return frame;
            }
        }
    }

    /** The frame, held as by {@link #hold}, if it is open already; never waits. */
    @Nullable
    OpenedFrame peek(FrameKey key) {
        OpenedFrame frame = frames.peek(key);
        return frame != null && frame.hold() ? frame : null;
    }

    /** Memory that frames take now. */
    long bytes() {
        return frames.weight();
    }

    @Override
    public void close() {
        frames.clear();
    }

    private OpenedFrame open(FrameKey key) {
        AtomicReference<ByteBuffer> taken = new AtomicReference<>();
        try {
            LoadedFrame frame = packs.load(key, length -> {
                taken.set(memory.take(length));
                return taken.get();
            });
            return new OpenedFrame(frame, taken.get(), memory);
        } catch (RuntimeException | Error e) {
            ByteBuffer unused = taken.get();
            if (unused != null) {
                memory.give(unused);
            }
            throw e;
        }
    }
}
