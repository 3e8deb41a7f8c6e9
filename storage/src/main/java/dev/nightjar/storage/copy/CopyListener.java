package dev.nightjar.storage.copy;

/** Told how far a copy has come, by the thread that copies. What it throws ends the copy; points that were copied before stay. */
@FunctionalInterface
public interface CopyListener {

    /** Hears of nothing. */
    CopyListener NONE = _ -> {};

    /** More of a point was read. */
    void progress(CopyProgress progress);
}
