package dev.nightjar.nbd.server.transmission;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The bytes that requests and replies of all connections may hold together. Who has to wait is served in the order of asking, so that
 * large requests are not starved by small ones. Thread-safe; never blocks.
 */
public final class MemoryBudget {

    private final Deque<Waiter> waiters = new ArrayDeque<>();
    private final long total;
    private long free;

    /** So many bytes in all. */
    public MemoryBudget(long bytes) {
        this.total = bytes;
        this.free = bytes;
    }

    /** A claim that has to wait. */
    public final class Waiter {
        private final long bytes;
        private final Runnable granted;

        private Waiter(long bytes, Runnable granted) {
            this.bytes = bytes;
            this.granted = granted;
        }

        /** Waits no longer; false if the bytes were granted already, and have to be released. */
        public boolean cancel() {
            synchronized (waiters) {
                return waiters.remove(this);
            }
        }
    }

    /**
     * Claims bytes.
     *
     * @param granted called once they are there, on any thread, unless they are at once
     * @return null if they are there at once
     */
    public @Nullable Waiter claim(long bytes, Runnable granted) {
        synchronized (waiters) {
            if (waiters.isEmpty() && bytes <= free) {
                free -= bytes;
                return null;
            }
            Waiter waiter = new Waiter(bytes, granted);
            waiters.add(waiter);
            return waiter;
        }
    }

    /** Claims bytes if they are there at once. */
    public boolean tryClaim(long bytes) {
        synchronized (waiters) {
            boolean there = waiters.isEmpty() && bytes <= free;
            free -= there ? bytes : 0;
            return there;
        }
    }

    /** Gives bytes back, to whoever waits for them. */
    public void release(long bytes) {
        if (bytes == 0) {
            return;
        }
        List<Waiter> served = new ArrayList<>();
        synchronized (waiters) {
            free += bytes;
            if (free > total) {
                throw new IllegalStateException("more bytes released than claimed");
            }
            Waiter next = waiters.peek();
            while (next != null && next.bytes <= free) {
                free -= next.bytes;
                served.add(waiters.remove());
                next = waiters.peek();
            }
        }
        served.forEach(waiter -> waiter.granted.run());
    }

    /** Bytes that are held now. */
    public long heldBytes() {
        synchronized (waiters) {
            return total - free;
        }
    }
}
