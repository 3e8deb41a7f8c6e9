package dev.nightjar.nbd.client.transport;

import dev.nightjar.nbd.client.transmission.ReplyReader;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.channel.DefaultMaxMessagesRecvByteBufAllocator;
import org.jspecify.annotations.Nullable;

/**
 * Where a socket's bytes are received: straight in the buffer of the read that they answer, where it is known, else in a buffer
 * for headers and small payloads. One for each connection, confined to its event loop.
 */
final class ReceiveBuffers extends DefaultMaxMessagesRecvByteBufAllocator {

    private static final int BYTES = 16 * 1024;

    /** Some records of TLS at a time, each of up to 16 KiB. */
    private static final int CIPHERTEXT_BYTES = 256 * 1024;

    private volatile int bytes = BYTES;
    private @Nullable ReplyReader reader;
    private @Nullable ByteBuf slice;

    /** What the socket delivers is not what the reader gets. */
    void expectCiphertext() {
        bytes = CIPHERTEXT_BYTES;
    }

    void attach(ReplyReader replyReader) {
        reader = replyReader;
    }

    void detach() {
        reader = null;
    }

    /** Whether these bytes are already where they belong. */
    @SuppressWarnings("ReferenceEquality") // the very buffer that was handed out, whatever its content
    boolean isInPlace(ByteBuf received) {
        return received == slice;
    }

    @Override
    @SuppressWarnings(
            "deprecation") // the type that Netty asks for is deprecated for its users, not for those who provide it
    public Handle newHandle() {
        return new MaxMessageHandle() {
            @Override
            public ByteBuf allocate(ByteBufAllocator allocator) {
                slice = reader == null || bytes == CIPHERTEXT_BYTES ? null : reader.receiveSlice();
                return slice == null ? allocator.ioBuffer(bytes, bytes) : slice;
            }

            @Override
            public int guess() {
                return bytes;
            }
        };
    }
}
