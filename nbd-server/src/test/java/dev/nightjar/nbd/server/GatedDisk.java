package dev.nightjar.nbd.server;

import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/** A disk whose reads wait until a gate is opened. */
final class GatedDisk extends MemoryDisk {

    private final CountDownLatch gate = new CountDownLatch(1);
    private final AtomicInteger waiting = new AtomicInteger();

    GatedDisk(int sizeBytes) {
        super(sizeBytes, false);
    }

    void open() {
        gate.countDown();
    }

    /** Reads that are waiting or have been let through. */
    int begun() {
        return waiting.get();
    }

    @Override
    public List<Piece> read(long offset, int length) {
        waiting.incrementAndGet();
        try {
            if (!gate.await(30, TimeUnit.SECONDS)) {
                throw new AssertionError("nobody opened the gate");
            }
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
        return super.read(offset, length);
    }
}
