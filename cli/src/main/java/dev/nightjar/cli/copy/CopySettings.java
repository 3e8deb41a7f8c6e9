package dev.nightjar.cli.copy;

/**
 * How to copy.
 *
 * @param requests reads at a time, and so the memory that is used: as many times {@code requestBytes}
 * @param requestBytes of one read
 * @param sparseBytes zeros of so many bytes in data become holes; 0: what is data stays data
 */
record CopySettings(int requests, int requestBytes, int sparseBytes) {}
