package dev.nightjar.nbd.client.transmission;

import dev.nightjar.nbd.protocol.Errno;

/** Failures of reads as a connection gives them. */
public final class ReadFailures {

    private ReadFailures() {}

    public static RuntimeException of(Errno errno, long offset, int length) {
        return new RequestFailedException(new ReadExchange(offset, length, true), errno, "", null);
    }
}
