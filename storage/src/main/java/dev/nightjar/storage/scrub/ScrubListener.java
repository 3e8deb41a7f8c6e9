package dev.nightjar.storage.scrub;

/** Told how a scrub goes on, about once a MiB, by the thread that scrubs. What it throws ends the scrub; what was proven until then stays so. */
@FunctionalInterface
public interface ScrubListener {

    /** Nobody listens. */
    ScrubListener NONE = _ -> {};

    /** So far it has come. */
    void progress(ScrubProgress progress);
}
