package dev.nightjar.nbd.server.transmission;

/** The memory that one request holds. Confined to whichever thread has the request. */
public final class Reservation {

    private final MemoryBudget budget;
    private final long admitted;
    private final MemoryBudget growth;
    private long grown;
    private boolean released;

    /**
     * Bytes that were claimed already.
     *
     * @param growth where more comes from
     */
    public Reservation(MemoryBudget budget, long admitted, MemoryBudget growth) {
        this.budget = budget;
        this.admitted = admitted;
        this.growth = growth;
    }

    /** Holds more, if that is there at once. */
    boolean grow(long more) {
        boolean there = growth.tryClaim(more);
        grown += there ? more : 0;
        return there;
    }

    /** Bytes that it began with. */
    public long admitted() {
        return admitted;
    }

    /** Gives all of it back, once. */
    public void release() {
        if (!released) {
            released = true;
            budget.release(admitted);
            growth.release(grown);
        }
    }
}
