package dev.nightjar.service.backup.plan;

/**
 * What to do with a range of a disk: whole chunks, of which the disk's last one may be short.
 *
 * @param action what to do
 * @param offset where it begins, in bytes
 * @param length bytes, at least one
 */
public record PlanStep(Action action, long offset, long length) {

    /** Where it ends. */
    public long end() {
        return offset + length;
    }

    /** What the new point gets. */
    public enum Action {
        /** The previous point's chunks. */
        KEEP,
        /** Zeros, without reading. */
        ZERO,
        /** The bytes, read from the export. */
        READ
    }
}
