package dev.nightjar.service.source;

import dev.nightjar.storage.point.Checkpoint;
import java.util.List;
import java.util.Map;

/** The disks of a machine, connected for one run. Confined to one thread; close it after the frozen view. */
public interface SourceSession extends AutoCloseable {

    /** The disks to protect, in the source's order. */
    List<SourceDisk> disks();

    /**
     * Opens a view of all disks at one instant. Blocks; the machine is held up for milliseconds.
     *
     * @param since by disk name, the checkpoint since which the changes are wanted; a disk without one is to be read in full
     * @throws RuntimeException an exception with a stable code and a hint; the machine is then as it was before
     */
    FrozenView freeze(Map<String, Checkpoint> since);

    /** Ends the connection. */
    @Override
    void close();
}
