package dev.nightjar.service.source;

import java.util.List;
import java.util.Map;

/** The disks of a machine, connected for one run. Confined to one thread; close it after the frozen view. */
public interface SourceSession extends AutoCloseable {

    /** The disks to protect, in the source's order. */
    List<SourceDisk> disks();

    /**
     * Opens a view of all disks at one instant. Blocks; the machine is held up for milliseconds.
     *
     * @param previous by disk name, the checkpoint of its last recovery point; a disk without one is to be read in full
     * @throws RuntimeException an exception with a stable code and a hint; the machine is then as it was before
     */
    FrozenView freeze(Map<String, PreviousCheckpoint> previous);

    /** Ends the connection. */
    @Override
    void close();
}
