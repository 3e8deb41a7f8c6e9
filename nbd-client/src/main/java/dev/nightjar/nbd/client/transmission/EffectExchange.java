package dev.nightjar.nbd.client.transmission;

import dev.nightjar.nbd.protocol.Command;
import dev.nightjar.nbd.protocol.CommandFlags;
import io.netty.buffer.ByteBuf;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/** A request that is answered by success or failure alone: write, write zeroes, trim, flush. */
public final class EffectExchange extends Exchange {

    private final CompletableFuture<@Nullable Void> future = new CompletableFuture<>();
    private @Nullable ByteBuf payload;

    private EffectExchange(Command command, int flags, long offset, long length, @Nullable ByteBuf payload) {
        super(command, flags, offset, length);
        this.payload = payload;
    }

    /** Takes ownership of the data. */
    public static EffectExchange write(long offset, ByteBuf data, boolean extendedHeaders) {
        int flags = extendedHeaders ? CommandFlags.PAYLOAD_LEN : 0;
        return new EffectExchange(Command.WRITE, flags, offset, data.readableBytes(), data);
    }

    /** Zeros without sending them; with holes only where the server may leave them. */
    public static EffectExchange writeZeroes(long offset, long length, boolean punchHole) {
        int flags = punchHole ? 0 : CommandFlags.NO_HOLE;
        return new EffectExchange(Command.WRITE_ZEROES, flags, offset, length, null);
    }

    /** The range is not needed any more. */
    public static EffectExchange trim(long offset, long length) {
        return new EffectExchange(Command.TRIM, 0, offset, length, null);
    }

    public static EffectExchange flush() {
        return new EffectExchange(Command.FLUSH, 0, 0, 0, null);
    }

    @Override
    public CompletableFuture<@Nullable Void> future() {
        return future;
    }

    @Override
    public @Nullable ByteBuf takePayload() {
        ByteBuf taken = payload;
        payload = null;
        return taken;
    }

    @Override
    void verifyComplete() {}

    @Override
    void succeed() {
        future.complete(null);
    }

    @Override
    void release() {
        ByteBuf left = takePayload();
        if (left != null) {
            left.release();
        }
    }
}
