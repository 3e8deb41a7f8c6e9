package dev.nightjar.storage.point;

/** How a point's content was found out. */
public enum CaptureMode {
    /** Everything allocated was read. */
    FULL,
    /** Only what a trusted bitmap called dirty was read; the rest is the parent's. */
    INCREMENTAL
}
