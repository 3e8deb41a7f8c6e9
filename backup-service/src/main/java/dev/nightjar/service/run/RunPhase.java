package dev.nightjar.service.run;

/** What a run is doing. */
public enum RunPhase {
    /** Checks, and removes what earlier runs left behind. */
    PREPARING,
    /** Opens the frozen view. */
    FREEZING,
    /** Walks block status and reads. */
    READING,
    /** Writes maps and points, and commits. */
    COMMITTING,
    /** Closes the frozen view, or frees space. */
    CLEANING,
    /** Writes a point to its target, or rebuilds. */
    RESTORING,
    /** Reads what is stored and checks it. */
    SCRUBBING,
    /** Brings back from other repositories what is damaged in this one. */
    HEALING,
    /** Over. */
    DONE
}
