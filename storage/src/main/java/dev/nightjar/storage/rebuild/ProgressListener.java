package dev.nightjar.storage.rebuild;

/** Told how far a rebuild has come, by the thread that rebuilds. What it throws ends the rebuild, which then changes nothing. */
@FunctionalInterface
public interface ProgressListener {

    /** Hears of nothing. */
    ProgressListener NONE = _ -> {};

    /** Another pack or point is done. */
    void progress(RebuildProgress progress);
}
