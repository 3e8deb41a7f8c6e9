package dev.nightjar.nbd.server.transport;

import dev.nightjar.nbd.protocol.RequestHeader;
import io.netty.channel.Channel;
import io.netty.channel.ChannelOutboundBuffer;
import java.time.Duration;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Notices a client that takes no replies, or does not finish the payload it announced: both hold memory that others wait for.
 * Asked at least twice within the limit. Confined to the event loop.
 */
final class StallWatch {

    private final Channel channel;
    private final long limitNanos;
    private final Supplier<@Nullable RequestHeader> incoming;
    private long progress = -1;
    private long progressAt;
    private @Nullable RequestHeader since;
    private long sinceNanos;

    /**
     * A connection's watch.
     *
     * @param incoming the request whose payload is coming in, or null
     */
    StallWatch(Channel channel, Duration limit, Supplier<@Nullable RequestHeader> incoming) {
        this.channel = channel;
        this.limitNanos = limit.toNanos();
        this.incoming = incoming;
    }

    boolean stalled() {
        long now = System.nanoTime();
        return sending(now) || receiving(now);
    }

    private boolean sending(long now) {
        ChannelOutboundBuffer out = channel.unsafe().outboundBuffer();
        long mark = out == null || out.totalPendingWriteBytes() == 0
                ? -1
                : out.totalPendingWriteBytes() - out.currentProgress();
        if (mark != progress || mark == -1) {
            progress = mark;
            progressAt = now;
            return false;
        }
        return now - progressAt >= limitNanos;
    }

    @SuppressWarnings("ReferenceEquality") // the very request, not one that looks the same
    private boolean receiving(long now) {
        RequestHeader current = incoming.get();
        if (current == null || current != since) {
            since = current;
            sinceNanos = now;
            return false;
        }
        return now - sinceNanos >= limitNanos;
    }
}
