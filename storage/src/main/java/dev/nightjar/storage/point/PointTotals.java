package dev.nightjar.storage.point;

/**
 * What taking a point moved, in bytes.
 *
 * @param readBytes handed to the ingest as data
 * @param zeroBytes recorded as zero: told so by the source, or read and found zero
 * @param newBytes plaintext of chunks that the repository did not have
 * @param deduplicatedBytes plaintext of chunks that it had, or that the same run stored before
 * @param storedBytes sealed frames of the new chunks
 */
public record PointTotals(long readBytes, long zeroBytes, long newBytes, long deduplicatedBytes, long storedBytes) {}
