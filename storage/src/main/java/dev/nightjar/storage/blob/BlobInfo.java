package dev.nightjar.storage.blob;

/**
 * What a listing tells of a blob.
 *
 * @param name its name
 * @param bytes its length
 */
public record BlobInfo(String name, long bytes) {}
