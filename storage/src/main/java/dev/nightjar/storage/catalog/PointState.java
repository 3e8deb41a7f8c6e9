package dev.nightjar.storage.catalog;

/** Where a point stands. */
public enum PointState {
    /** Its record may exist in the repository; its run has not committed, or died before it could. */
    PENDING,
    /** It restores byte for byte. */
    COMPLETE,
    /** It was asked to be deleted; its record may still exist. */
    DELETING
}
