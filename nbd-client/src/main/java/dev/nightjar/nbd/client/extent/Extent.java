package dev.nightjar.nbd.client.extent;

import java.util.Map;

/**
 * A range of an export that has one status in every granted metadata context. Immutable.
 *
 * @param offset in bytes
 * @param length in bytes, more than 0
 * @param status context name → its bits, as the server sent them; one entry for each granted context
 */
public record Extent(long offset, long length, Map<String, Long> status) {

    public Extent {
        status = Map.copyOf(status);
    }

    /** The first byte after it. */
    public long end() {
        return offset + length;
    }

    /**
     * The bits of one context.
     *
     * @throws IllegalArgumentException if the context was not granted: its absence must never read as 0, which means clean
     */
    public long status(String context) {
        Long bits = status.get(context);
        if (bits == null) {
            throw new IllegalArgumentException("no status of " + context + " here, only of " + status.keySet());
        }
        return bits;
    }
}
