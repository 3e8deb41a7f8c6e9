package dev.nightjar.storage.serve;

/** Told of a disk's status range by range, ascending and without gaps, for as long as it wants to know. */
@FunctionalInterface
public interface StatusSink {

    /**
     * The next range.
     *
     * @param length bytes, at least one; neighbours may be alike
     * @param set whether it is what was asked for: allocated, or different
     * @return false for: enough
     */
    boolean range(long length, boolean set);
}
