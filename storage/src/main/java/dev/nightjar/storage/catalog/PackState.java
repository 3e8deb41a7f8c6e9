package dev.nightjar.storage.catalog;

/**
 * The life of a pack. It moves down this list; only a condemned pack that a run writes once more becomes LIVE again. Who deletes packs
 * must therefore move CONDEMNED to DELETED by a conditional update, and touch the file only after that.
 */
public enum PackState {
    /** Its chunks may be read and leaned on. */
    LIVE,
    /** Its chunks may be read, and count as unknown to ingest. */
    CONDEMNED,
    /** The file is gone or about to go. */
    DELETED
}
