package dev.nightjar.nbd.server.export;

/**
 * What an export has done since it was added. Immutable, a snapshot.
 *
 * @param clients connected now
 * @param connections that chose this export so far
 * @param requests answered so far, of any kind
 * @param bytesRead by successful reads, holes included
 * @param bytesWritten by successful writes; zeros and trims not included
 * @param errors requests that were answered with an error
 */
public record ExportStatistics(
        int clients, long connections, long requests, long bytesRead, long bytesWritten, long errors) {}
