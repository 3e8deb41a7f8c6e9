package dev.nightjar.storage.serve;

/**
 * What serving points may hold in memory, and how far it looks ahead.
 *
 * @param frameBytes opened frames off the heap; those that somebody is still sending come on top
 * @param leaves places of 64 neighbouring chunks each, about 6 KiB of heap
 * @param aheadBytes how far before a sequential reader frames are opened; 0 for never
 * @param loadsAhead frames that are opened at the same time before anybody asked
 */
public record ServeLimits(long frameBytes, long leaves, long aheadBytes, int loadsAhead) {

    /** Least memory for frames: some of the largest. */
    public static final long MIN_FRAME_BYTES = 16L << 20;

    /** 256 MiB of frames, places of 32 GiB in chunks of 64 KiB, 8 MiB ahead. */
    public static final ServeLimits DEFAULT =
            new ServeLimits(256L << 20, 8192, 8L << 20, Runtime.getRuntime().availableProcessors());

    /** Refuses limits that nothing can be served within. */
    public ServeLimits {
        if (frameBytes < MIN_FRAME_BYTES || leaves < 1 || aheadBytes < 0 || loadsAhead < 1) {
            throw new IllegalArgumentException("serving needs at least " + MIN_FRAME_BYTES + " bytes of frames, not "
                    + frameBytes + ", " + leaves + " leaves, " + aheadBytes + " bytes ahead, " + loadsAhead + " loads");
        }
    }

    /** The same with another bound on frames. */
    public ServeLimits withFrameBytes(long bytes) {
        return new ServeLimits(bytes, leaves, aheadBytes, loadsAhead);
    }
}
