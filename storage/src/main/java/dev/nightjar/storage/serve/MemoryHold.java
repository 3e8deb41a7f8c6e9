package dev.nightjar.storage.serve;

/** Keeps memory from being used for something else. Thread-safe. */
@FunctionalInterface
public interface MemoryHold {

    /** Gives it back; to be called exactly once. */
    void release();
}
