package dev.nightjar.service.source;

/** What a backup does when a source answers that bytes of a disk cannot be read. */
public enum UnreadableData {
    /** The run fails; there is no point. */
    FAIL,
    /** The blocks that cannot be read are found and recorded; the point has zeros there, and says so. */
    RECORD
}
