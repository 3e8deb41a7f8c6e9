package dev.nightjar.service.export;

/** Where an export's row stands. */
enum ExportState {
    /** Nobody was answered yet. */
    OPENING,
    /** It is served, or will be. */
    OPEN,
    /** It is being removed. */
    CLOSING
}
