package dev.nightjar.storage.catalog;

/**
 * Where a chunk lies.
 *
 * @param pack the catalog's number of the pack
 * @param frame index of the frame in the pack's directory
 * @param place index of the chunk within the frame
 */
public record ChunkLocation(int pack, int frame, int place) {}
