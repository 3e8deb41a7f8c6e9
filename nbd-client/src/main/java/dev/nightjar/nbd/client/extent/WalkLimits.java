package dev.nightjar.nbd.client.extent;

import dev.nightjar.nbd.protocol.Limits;
import dev.nightjar.nbd.protocol.ReplyMode;

/**
 * How far a walk may go.
 *
 * @param maximumAsk most bytes in one request
 * @param minimumBlock requests are multiples of it, in bytes
 * @param rounds most requests in one walk
 */
public record WalkLimits(long maximumAsk, long minimumBlock, long rounds) {

    /** What any walk may take: a million extents of two contexts, one extent a reply, many times over. */
    private static final long BASE_ROUNDS = 1L << 24;

    /** Beyond that a round has to bring this many bytes on average, so that the rounds grow with the range and stay bounded. */
    private static final long ROUND_BYTES = 64 * 1024;

    /** For a range of this many bytes. */
    public static WalkLimits of(ReplyMode mode, long minimumBlock, long length) {
        long ask = mode.extendedHeaders() ? Long.MAX_VALUE : Limits.COMPACT_STATUS_BYTES;
        return new WalkLimits(ask, minimumBlock, BASE_ROUNDS + length / ROUND_BYTES);
    }
}
