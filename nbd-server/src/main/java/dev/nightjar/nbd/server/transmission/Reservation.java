package dev.nightjar.nbd.server.transmission;

/** The bytes of a {@link MemoryBudget} that one request holds. Confined to whichever thread has the request. */
public final class Reservation {

    private final MemoryBudget budget;
    private final long admitted;
    private long bytes;

    /** Bytes that were claimed already. */
    public Reservation(MemoryBudget budget, long bytes) {
        this.budget = budget;
        this.admitted = bytes;
        this.bytes = bytes;
    }

    /** Holds more, if that is there at once. */
    boolean grow(long more) {
        boolean there = budget.tryClaim(more);
        bytes += there ? more : 0;
        return there;
    }

    /** Bytes that it began with. */
    public long admitted() {
        return admitted;
    }

    /** Gives all of it back. */
    public void release() {
        long held = bytes;
        bytes = 0;
        budget.release(held);
    }
}
