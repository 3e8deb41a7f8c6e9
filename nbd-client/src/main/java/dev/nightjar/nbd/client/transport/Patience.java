package dev.nightjar.nbd.client.transport;

import dev.nightjar.nbd.client.transmission.Exchange;
import dev.nightjar.nbd.client.transmission.InFlight;
import io.netty.channel.Channel;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * Decides when waiting for answers has lasted too long: when nothing has moved in either direction for the limit, or when a
 * request is older than the limit and the time that everything under way would take at the slowest rate. So a long answer that keeps
 * arriving is not cut off, and a server that sends a byte now and then does not hold a request forever. Confined to the event
 * loop.
 */
final class Patience {

    /** Slower than this nobody can back up a disk. In bytes a second. */
    static final long SLOWEST_RATE = 256 * 1024;

    private static final long SECOND = 1_000_000_000;

    /** How often within the limit it is worth a look whether a long write moves. */
    private static final int LOOKS = 4;

    private final Channel channel;
    private final InFlight inFlight;
    private final Duration limit;
    private long progressNanos;
    private long writtenBytes;
    private long unsentBytes;
    private long departedBytes;

    Patience(Channel channel, InFlight inFlight, Duration limit) {
        this.channel = channel;
        this.inFlight = inFlight;
        this.limit = limit;
    }

    /** A request is about to be written; returns its deadline. */
    long sending(Exchange exchange, int bytes) {
        long now = System.nanoTime();
        if (inFlight.isEmpty()) {
            progressNanos = now;
        }
        writtenBytes += bytes;
        long underWay = inFlight.bytes() + exchange.dataBytes();
        return now + limit.toNanos() + underWay * (SECOND / SLOWEST_RATE);
    }

    /** Something came. */
    void received() {
        progressNanos = System.nanoTime();
    }

    /** How long until the next look, in nanoseconds. */
    long pauseNanos() {
        return Math.max(1, limit.toNanos() / LOOKS);
    }

    /** Looks; why it has lasted too long, or null if it has not. Called only while requests wait. */
    @Nullable
    TimeLimitException exhausted() {
        var outbound = channel.unsafe().outboundBuffer();
        long unsent = outbound == null ? 0 : outbound.totalPendingWriteBytes();
        long departed = writtenBytes - unsent;
        long now = System.nanoTime();
        if (unsentBytes > 0 && departed != departedBytes) {
            progressNanos = now;
        }
        unsentBytes = unsent;
        departedBytes = departed;
        if (now - progressNanos >= limit.toNanos()) {
            return new TimeLimitException("nothing has moved for %d ms, and requests wait".formatted(limit.toMillis()));
        }
        return now - inFlight.earliestDeadlineNanos() >= 0
                ? new TimeLimitException("an answer came slower than %d KiB a second".formatted(SLOWEST_RATE / 1024))
                : null;
    }
}
