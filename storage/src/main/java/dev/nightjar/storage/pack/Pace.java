package dev.nightjar.storage.pack;

/** Told before every piece that is read; may wait, and may throw to end the reading. */
@FunctionalInterface
public interface Pace {

    /** As fast as it goes. */
    Pace UNLIMITED = _ -> {};

    /** So many bytes will be read next. */
    void beforeReading(int bytes);
}
