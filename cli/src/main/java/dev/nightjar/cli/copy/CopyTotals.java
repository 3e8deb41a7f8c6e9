package dev.nightjar.cli.copy;

import java.time.Duration;

/**
 * What a copy did.
 *
 * @param size of the disk, in bytes
 * @param readBytes read from the source
 * @param zeroBytes not read, because the source said that they are zero
 * @param writtenBytes written as data
 * @param took from the first request to the last answer
 */
record CopyTotals(long size, long readBytes, long zeroBytes, long writtenBytes, Duration took) {

    long bytesPerSecond() {
        return Math.round(size / Math.max(1e-9, took.toNanos() / 1e9));
    }
}
