package dev.nightjar.storage.rebuild;

/**
 * How far a rebuild has come.
 *
 * @param phase what is being read
 * @param done how many of them were read
 * @param total how many there are
 */
public record RebuildProgress(Phase phase, long done, long total) {

    /** What a rebuild reads, in this order. */
    public enum Phase {
        /** The directories of packs. */
        PACKS,
        /** The records of points, and their maps. */
        POINTS
    }
}
