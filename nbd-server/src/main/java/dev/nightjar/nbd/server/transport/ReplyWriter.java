package dev.nightjar.nbd.server.transport;

import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** Writes the buffers of replies, flushes when told to, and tells when the last buffer of a reply has left. */
final class ReplyWriter implements Consumer<ByteBuf> {

    private final Channel channel;
    private @Nullable ByteBuf last;
    private boolean written;

    ReplyWriter(Channel channel) {
        this.channel = channel;
    }

    @Override
    public void accept(ByteBuf next) {
        if (last != null) {
            var _ = channel.write(last, channel.voidPromise());
        }
        last = next;
    }

    /**
     * The reply is complete.
     *
     * @param left called on the event loop when its last byte has been handed to the kernel, or never will be
     */
    void finish(Runnable left) {
        ByteBuf end = last;
        last = null;
        written = true;
        channel.write(end).addListener(_ -> left.run());
    }

    /** Hands to the kernel what was written; false if there was nothing. */
    boolean flush() {
        boolean any = written;
        written = false;
        if (any) {
            channel.flush();
        }
        return any;
    }
}
