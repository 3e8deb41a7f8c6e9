package dev.nightjar.service.run;

/** What a run does. */
public enum RunKind {
    /** Takes recovery points of a machine. */
    BACKUP,
    /** Writes a recovery point to a file or an export. */
    RESTORE,
    /** Makes a recovery point of what was written to an export. */
    KEEP,
    /** Recreates the catalog from the repository. */
    REBUILD,
    /** Frees the space of what no point needs. */
    RECLAIM,
    /** Copies recovery points to another repository. */
    COPY,
    /** Reads what is stored, checks it, and mends what can be mended. */
    SCRUB
}
