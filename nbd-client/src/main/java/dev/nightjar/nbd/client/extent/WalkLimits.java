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

    /** An 8 TiB disk whose every 512 KiB is an extent of its own, one extent a reply. */
    public static final long ROUNDS = 1L << 24;

    public static WalkLimits of(ReplyMode mode, long minimumBlock) {
        long ask = mode.extendedHeaders() ? Long.MAX_VALUE : Limits.COMPACT_STATUS_BYTES;
        return new WalkLimits(ask, minimumBlock, ROUNDS);
    }
}
