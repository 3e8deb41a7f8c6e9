package dev.nightjar.fuzz;

import dev.nightjar.nbd.protocol.BlockSizes;
import dev.nightjar.nbd.server.NbdServer;
import dev.nightjar.nbd.server.NbdServerOptions;
import dev.nightjar.nbd.server.export.Exports;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.buffer.UnpooledByteBufAllocator;
import io.netty.channel.embedded.EmbeddedChannel;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * What a client sends, from its first byte on; the first byte of the input says how many arrive at a time. Whatever it is: the
 * conversation goes on or is closed, nothing is thrown, what the server holds and sends stays within its limits, and when the client
 * has gone nothing is left behind.
 */
class ServerFuzzTest {

    /** Two requests of the largest size that the export takes, and what is around them. */
    private static final long MOST_HELD = 4L << 20;

    private static final NbdServerOptions OPTIONS = NbdServerOptions.defaults().withMaxInFlight(4);

    static List<Path> seeds() {
        return Seeds.of(ServerFuzzTest.class);
    }

    @ParameterizedTest
    @MethodSource("seeds")
    void everySeedEndsAsItShould(Path seed) {
        fuzzerTestOneInput(Seeds.read(seed));
    }

    public static void fuzzerTestOneInput(byte[] input) {
        if (input.length == 0) {
            return;
        }
        Exports exports = new Exports(Duration.ZERO);
        SmallDisk disk = new SmallDisk(1 << 18);
        exports.add(SmallDisk.export("vda", disk, new BlockSizes(1, 4096, 1 << 17)));
        UnpooledByteBufAllocator allocator = new UnpooledByteBufAllocator(true);
        EmbeddedChannel channel = new EmbeddedChannel(false, false);
        channel.config().setAllocator(allocator);
        channel.pipeline().addLast(NbdServer.conversation(OPTIONS, exports, Runnable::run));
        try {
            channel.register();
        } catch (Exception e) {
            throw new AssertionError(e);
        }
        talk(channel, allocator, input);
        channel.finishAndReleaseAll();
        channel.checkException();
        long left = allocator.metric().usedDirectMemory() + allocator.metric().usedHeapMemory();
        Oracle.require(left == 0, () -> "%d bytes leaked".formatted(left));
        Oracle.require(disk.isClosed() || !disk.isOpened(), () -> "the disk is still open");
        exports.close();
    }

    private static void talk(EmbeddedChannel channel, UnpooledByteBufAllocator allocator, byte[] input) {
        int step = 1 + (input[0] & 0xff) * 17;
        for (int at = 1; at < input.length && channel.isOpen(); at += step) {
            channel.writeInbound(Unpooled.copiedBuffer(input, at, Math.min(step, input.length - at)));
            channel.runPendingTasks();
            channel.checkException();
            long held =
                    allocator.metric().usedDirectMemory() + allocator.metric().usedHeapMemory();
            Oracle.require(held <= MOST_HELD + unread(channel), () -> "%d bytes held".formatted(held));
            for (ByteBuf out = channel.readOutbound(); out != null; out = channel.readOutbound()) {
                out.release();
            }
        }
    }

    private static long unread(EmbeddedChannel channel) {
        return channel.outboundMessages().stream()
                .mapToLong(message -> message instanceof ByteBuf buffer ? buffer.readableBytes() : 0)
                .sum();
    }
}
