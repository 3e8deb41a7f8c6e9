package dev.nightjar.storage.ingest;

/**
 * How far a disk's ingest has come, in bytes. The parts add up: read + told zero = new + deduplicated + zero once the ingest is
 * done; until then new and deduplicated lag behind what was read.
 *
 * @param readBytes handed in as data
 * @param zeroBytes recorded as zero: told so, or read and found zero
 * @param newBytes plaintext of chunks that the repository did not have
 * @param deduplicatedBytes plaintext of chunks that it had, or that this run stored before
 * @param storedBytes sealed frames of the new chunks
 */
public record IngestProgress(long readBytes, long zeroBytes, long newBytes, long deduplicatedBytes, long storedBytes) {}
