package dev.nightjar.storage.catalog;

/** The life of a pack; it only ever moves down this list. */
public enum PackState {
    /** Its chunks may be read and leaned on. */
    LIVE,
    /** Its chunks may be read, and count as unknown to ingest. */
    CONDEMNED,
    /** The file is gone or about to go. */
    DELETED
}
