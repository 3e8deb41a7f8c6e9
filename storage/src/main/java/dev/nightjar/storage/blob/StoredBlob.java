package dev.nightjar.storage.blob;

/**
 * What became of a pending blob.
 *
 * @param name the name that it was committed under
 * @param bytes its length
 * @param created false if the name was taken already, and this content was dropped in favour of what was there
 */
public record StoredBlob(String name, long bytes, boolean created) {}
