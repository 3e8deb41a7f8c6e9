package dev.nightjar.service.source;

import java.util.List;

/** Finds out whether a source answers and what its disks are; changes nothing there. Thread-safe. */
public interface SourceProber {

    /**
     * Connects to everything the source names. Blocks, at most for the time-outs of the clients.
     *
     * @return the disks, in the source's order
     * @throws RuntimeException an exception with a stable code and a hint: an {@code NbdException} or a
     *     {@code NightjarException}; connections made so far are closed
     */
    List<ProbedDisk> probe(SourceSpec source);
}
