package dev.nightjar.service.source;

/** Opens the sources of machines. Thread-safe. */
public interface Sources {

    /**
     * Connects to a machine, and removes there what runs that are over left behind. Blocks.
     *
     * @throws RuntimeException an exception with a stable code and a hint; nothing stays open
     */
    SourceSession open(SourceSpec source, SourceRun run);
}
