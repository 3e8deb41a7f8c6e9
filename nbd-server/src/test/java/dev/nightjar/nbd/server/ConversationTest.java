package dev.nightjar.nbd.server;

import static org.assertj.core.api.Assertions.assertThat;

import dev.nightjar.nbd.protocol.Command;
import dev.nightjar.nbd.protocol.CommandFlags;
import dev.nightjar.nbd.protocol.InfoItem;
import dev.nightjar.nbd.protocol.Option;
import dev.nightjar.nbd.protocol.OptionCode;
import dev.nightjar.nbd.protocol.ReplyMode;
import dev.nightjar.nbd.protocol.Request;
import dev.nightjar.nbd.server.export.Exports;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import io.netty.channel.embedded.EmbeddedChannel;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;

/** A server without socket, in one thread: what it says depends on what it is told, not on how that is cut. */
class ConversationTest {

    /** A handshake with refusals, reads, writes, errors, and a farewell. */
    private static ByteBuf session(ReplyMode mode) {
        ByteBuf out = Unpooled.buffer();
        out.writeInt(3);
        new Option.Unknown(99, 5).encode(out);
        new Option.Plain(OptionCode.LIST).encode(out);
        switch (mode) {
            case SIMPLE -> {}
            case STRUCTURED -> new Option.Plain(OptionCode.STRUCTURED_REPLY).encode(out);
            case EXTENDED -> new Option.Plain(OptionCode.EXTENDED_HEADERS).encode(out);
        }
        new Option.MetaContexts(OptionCode.SET_META_CONTEXT, "disk", List.of("base:allocation")).encode(out);
        new Option.Describe(OptionCode.GO, "disk", List.of(InfoItem.BLOCK_SIZE)).encode(out);
        int payload = mode.extendedHeaders() ? CommandFlags.PAYLOAD_LEN : 0;
        new Request(0, Command.READ, 1, 0, 10_000).encode(out, mode);
        new Request(payload, Command.WRITE, 2, 100, 5000).encode(out, mode);
        out.writeZero(5000);
        new Request(payload, Command.WRITE, 3, 1 << 20, 700).encode(out, mode);
        out.writeZero(700);
        new Request(0, Command.BLOCK_STATUS, 4, 0, 1 << 20).encode(out, mode);
        new Request(0, Command.READ, 5, 0, 1 << 30).encode(out, mode);
        new Request(0, Command.READ, 6, 0, 200_000).encode(out, mode);
        new Request(0, Command.FLUSH, 7, 0, 0).encode(out, mode);
        new Request(0, Command.DISCONNECT, 8, 0, 0).encode(out, mode);
        return out;
    }

    private static byte[] answers(ByteBuf said, List<Integer> cuts) {
        Exports exports = new Exports(Duration.ZERO);
        MemoryDisk disk = MemoryDisk.sample(1 << 20, true);
        exports.add(TestExport.of("disk", disk));
        EmbeddedChannel channel =
                new EmbeddedChannel(NbdServer.conversation(NbdServerOptions.defaults(), exports, Runnable::run));
        ByteBuf heard = Unpooled.buffer();
        int turn = 0;
        while (said.isReadable() && channel.isOpen()) {
            int next = Math.min(cuts.get(turn++ % cuts.size()), said.readableBytes());
            channel.writeInbound(said.readBytes(next));
            hear(channel, heard);
        }
        assertThat(channel.isOpen()).as("it has said farewell").isFalse();
        channel.finishAndReleaseAll();
        assertThat(disk.closed()).isTrue();
        return ByteBufUtil.getBytes(heard);
    }

    private static void hear(EmbeddedChannel channel, ByteBuf heard) {
        channel.runPendingTasks();
        for (ByteBuf part = channel.readOutbound(); part != null; part = channel.readOutbound()) {
            heard.writeBytes(part);
            part.release();
        }
    }

    @Property(tries = 100)
    void howItIsCutDoesNotMatter(
            @ForAll ReplyMode mode,
            @ForAll @Size(min = 1, max = 20) List<@IntRange(min = 1, max = 3000) Integer> cuts) {
        byte[] inOnePiece = answers(session(mode), List.of(Integer.MAX_VALUE));
        assertThat(Arrays.mismatch(answers(session(mode), cuts), inOnePiece))
                .as("first byte that differs, of %d", inOnePiece.length)
                .isEqualTo(-1);
    }
}
