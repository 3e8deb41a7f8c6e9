package dev.nightjar.nbd.client.transmission;

import dev.nightjar.nbd.protocol.Violation;
import dev.nightjar.nbd.protocol.ViolationException;
import io.netty.util.collection.LongObjectHashMap;
import io.netty.util.collection.LongObjectMap;
import java.util.ArrayList;
import java.util.List;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * The requests that wait for an answer, by cookie. Cookies ascend and are never used twice. Confined to the event loop.
 *
 * <p>QEMU ends a block status reply at the first context that fails, and then sends a chunk for each of the other contexts
 * nevertheless. For such a request a few stragglers are let through and thrown away; everything else after DONE is refused.
 */
public final class InFlight {

    /** Most failed block status requests whose stragglers are remembered. */
    private static final int FAILED_STATUS = 64;

    private final LongObjectMap<Exchange> waiting = new LongObjectHashMap<>();
    private final LongObjectMap<Straggling> straggling = new LongObjectHashMap<>();
    private final UnaryOperator<RuntimeException> translation;
    private final Runnable onAnswered;
    private long nextCookie = 1;
    private long bytes;

    /**
     * Without requests.
     *
     * @param translation what becomes of an exception before a future gets it
     * @param onAnswered called once for each registered request, before its future completes
     */
    public InFlight(UnaryOperator<RuntimeException> translation, Runnable onAnswered) {
        this.translation = translation;
        this.onAnswered = onAnswered;
    }

    private record Straggling(StatusExchange exchange, int left) {}

    /** Returns the cookie. */
    public long register(Exchange exchange, long deadlineNanos) {
        exchange.deadlineNanos(deadlineNanos);
        bytes += exchange.dataBytes();
        long cookie = nextCookie++;
        waiting.put(cookie, exchange);
        return cookie;
    }

    /** Bytes of data that are still to be sent or received for what waits. */
    public long bytes() {
        return bytes;
    }

    public boolean isEmpty() {
        return waiting.isEmpty();
    }

    /** The deadline that comes first. */
    public long earliestDeadlineNanos() {
        long now = System.nanoTime();
        long least = Long.MAX_VALUE;
        for (Exchange exchange : waiting.values()) {
            least = Math.min(least, exchange.deadlineNanos() - now);
        }
        return now + least;
    }

    /** The request that a reply belongs to. */
    Exchange require(long cookie) {
        Exchange exchange = waiting.get(cookie);
        if (exchange != null) {
            return exchange;
        }
        if (cookie > 0 && cookie < nextCookie) {
            throw new ViolationException(Violation.AFTER_DONE, "a reply with the finished cookie " + cookie);
        }
        throw new ViolationException(Violation.COOKIE_UNKNOWN, "cookie " + Long.toUnsignedString(cookie));
    }

    /** The failed block status request whose straggler this may be, or null. Counts it. */
    @Nullable
    StatusExchange straggler(long cookie) {
        Straggling found = straggling.remove(cookie);
        if (found == null) {
            return null;
        }
        if (found.left > 1) {
            straggling.put(cookie, new Straggling(found.exchange, found.left - 1));
        }
        return found.exchange;
    }

    /** At the last chunk of a reply. */
    void answered(long cookie, Exchange exchange) {
        exchange.verify();
        waiting.remove(cookie);
        bytes -= exchange.dataBytes();
        if (exchange instanceof StatusExchange status && exchange.failed() && status.stragglers() > 0) {
            if (straggling.size() >= FAILED_STATUS) {
                straggling.clear();
            }
            straggling.put(cookie, new Straggling(status, status.stragglers()));
        }
        onAnswered.run();
        exchange.settle(translation);
    }

    /** Ends all, when the connection ends. */
    public void abortAll(RuntimeException cause) {
        List<Exchange> all = new ArrayList<>(waiting.values());
        waiting.clear();
        bytes = 0;
        straggling.clear();
        RuntimeException translated = translation.apply(cause);
        for (Exchange exchange : all) {
            onAnswered.run();
            exchange.abort(translated);
        }
    }
}
