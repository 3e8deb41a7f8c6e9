package dev.nightjar.nbd.server.transport;

import dev.nightjar.nbd.server.transmission.MemoryBudget;

/**
 * The memory of all requests and replies of a server. Small requests have a part of it to themselves, so that clients which hoard
 * memory, or have good use for much of it, do not keep the others from a disk's small reads and writes. Thread-safe.
 *
 * @param small for requests of up to 64 KiB
 * @param large for the others, and for what grows
 */
public record ServerMemory(MemoryBudget small, MemoryBudget large) {

    private static final long SMALL_REQUEST_BYTES = 64 * 1024;
    private static final int SMALL_PART = 8;

    /** So many bytes in all. */
    public static ServerMemory of(long bytes) {
        long small = bytes / SMALL_PART;
        return new ServerMemory(new MemoryBudget(small), new MemoryBudget(bytes - small));
    }

    MemoryBudget forRequestOf(long bytes) {
        return bytes <= SMALL_REQUEST_BYTES ? small : large;
    }

    /** Bytes that are held now. */
    public long heldBytes() {
        return small.heldBytes() + large.heldBytes();
    }
}
