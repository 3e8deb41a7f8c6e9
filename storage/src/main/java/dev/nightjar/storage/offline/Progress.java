package dev.nightjar.storage.offline;

/** Told how far something long has come. Called by any thread, often. */
@FunctionalInterface
public interface Progress {

    /** For those who do not want to know. */
    Progress NONE = (_, _, _) -> {};

    /**
     * Somewhat further.
     *
     * @param phase what is being done
     * @param done how much of it, in the phase's unit
     * @param total how much there is, as far as is known
     */
    void at(Phase phase, long done, long total);

    /** What is being done. */
    enum Phase {
        /** The packs' directories are read; counted in packs. */
        DIRECTORIES,
        /** The packs are read to their last byte; counted in bytes. */
        PACKS,
        /** The points' maps are walked; counted in points. */
        MAPS
    }
}
