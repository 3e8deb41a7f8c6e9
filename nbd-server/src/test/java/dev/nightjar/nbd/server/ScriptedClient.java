package dev.nightjar.nbd.server;

import static org.assertj.core.api.Assertions.assertThat;

import dev.nightjar.nbd.protocol.ChunkType;
import dev.nightjar.nbd.protocol.Command;
import dev.nightjar.nbd.protocol.ErrorChunk;
import dev.nightjar.nbd.protocol.Greeting;
import dev.nightjar.nbd.protocol.InfoItem;
import dev.nightjar.nbd.protocol.Magic;
import dev.nightjar.nbd.protocol.Option;
import dev.nightjar.nbd.protocol.OptionCode;
import dev.nightjar.nbd.protocol.OptionHeader;
import dev.nightjar.nbd.protocol.OptionReply;
import dev.nightjar.nbd.protocol.OptionReplyHeader;
import dev.nightjar.nbd.protocol.ReplyHeader;
import dev.nightjar.nbd.protocol.ReplyMode;
import dev.nightjar.nbd.protocol.Request;
import dev.nightjar.nbd.server.handshake.OptionRule;
import dev.nightjar.nbd.server.transmission.RequestRule;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import java.io.IOException;
import java.net.SocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.SocketChannel;
import java.util.List;
import java.util.function.Consumer;

/**
 * A client that says whatever its script says, right or wrong. What it expects has to come within a second. A cookie is never
 * used twice.
 */
final class ScriptedClient implements AutoCloseable {

    private static final long PATIENCE_NANOS = 1_000_000_000L;

    private final SocketChannel channel;
    private final Selector readable;
    private ReplyMode mode = ReplyMode.SIMPLE;
    private int option;
    private long cookie;
    private long offset;

    private ScriptedClient(SocketChannel channel) throws IOException {
        this.channel = channel;
        channel.configureBlocking(false);
        readable = Selector.open();
        channel.register(readable, SelectionKey.OP_READ);
    }

    static ScriptedClient connect(SocketAddress address) throws IOException {
        return new ScriptedClient(SocketChannel.open(address));
    }

    // ---- handshake

    ScriptedClient greet() throws IOException {
        return greet(Greeting.FIXED_NEWSTYLE | Greeting.NO_ZEROES);
    }

    ScriptedClient greet(int flags) throws IOException {
        assertThat(Greeting.decode(receive(Greeting.BYTES)).flags()).isEqualTo(3);
        return bytes(out -> out.writeInt(flags));
    }

    /** Sends an option as it should be. */
    ScriptedClient option(Option wanted) throws IOException {
        option = wanted.code();
        return bytes(wanted::encode);
    }

    ScriptedClient option(int code) throws IOException {
        return option(new Option.Plain(code));
    }

    /** Sends an option with whatever data. */
    ScriptedClient option(int code, String hex) throws IOException {
        option = code;
        byte[] data = ByteBufUtil.decodeHexDump(hex.replace(" ", ""));
        return bytes(out -> {
            new OptionHeader(code, data.length).encode(out);
            out.writeBytes(data);
        });
    }

    /** Sends the header alone. */
    ScriptedClient optionHeader(int code, int length) throws IOException {
        return bytes(out -> out.writeLong(Magic.OPTION).writeInt(code).writeInt(length));
    }

    ScriptedClient go(String export) throws IOException {
        return option(new Option.Describe(OptionCode.GO, export, List.of(InfoItem.BLOCK_SIZE)));
    }

    ScriptedClient setContexts(String export, String... queries) throws IOException {
        return option(new Option.MetaContexts(OptionCode.SET_META_CONTEXT, export, List.of(queries)));
    }

    OptionReply reply() throws IOException {
        OptionReplyHeader header = OptionReplyHeader.decode(receive(OptionReplyHeader.BYTES));
        assertThat(OptionCode.name(header.option())).isEqualTo(OptionCode.name(option));
        return OptionReply.decode(header, receive(header.length()));
    }

    /** Skips what comes before it. */
    ScriptedClient expectAck() throws IOException {
        OptionReply reply = reply();
        while (!(reply instanceof OptionReply.Ack)) {
            assertThat(reply).isNotInstanceOf(OptionReply.Refusal.class);
            reply = reply();
        }
        return this;
    }

    ScriptedClient expectRefusal(OptionRule rule) throws IOException {
        assertThat(reply()).isEqualTo(new OptionReply.Refusal(rule.error(), rule.message()));
        return this;
    }

    /** Agrees on a mode. */
    ScriptedClient agree(ReplyMode wanted) throws IOException {
        mode = wanted;
        return switch (wanted) {
            case SIMPLE -> this;
            case STRUCTURED -> option(OptionCode.STRUCTURED_REPLY).expectAck();
            case EXTENDED -> option(OptionCode.EXTENDED_HEADERS).expectAck();
        };
    }

    /** All the way to transmission. */
    ScriptedClient enter(ReplyMode wanted, String export, String... contexts) throws IOException {
        greet().agree(wanted);
        if (contexts.length > 0) {
            setContexts(export, contexts).expectAck();
        }
        return go(export).expectAck();
    }

    // ---- transmission

    ScriptedClient request(Command command, int flags, long at, long length) throws IOException {
        return request(command.number(), flags, at, length);
    }

    /** Any command, known or not, in the layout of the mode. */
    ScriptedClient request(int type, int flags, long at, long length) throws IOException {
        cookie++;
        offset = at;
        return bytes(out -> {
            new Request(flags, Command.READ, cookie, at, mode.extendedHeaders() ? length : length & 0xffff_ffffL)
                    .encode(out, mode);
            out.setShort(6, type);
        });
    }

    ScriptedClient zeros(int count) throws IOException {
        return bytes(out -> out.writeZero(count));
    }

    ScriptedClient hex(String hex) throws IOException {
        return bytes(out -> out.writeBytes(ByteBufUtil.decodeHexDump(hex.replace(" ", ""))));
    }

    ScriptedClient bytes(Consumer<ByteBuf> encoder) throws IOException {
        ByteBuf out = Unpooled.buffer();
        encoder.accept(out);
        ByteBuffer rest = out.nioBuffer();
        while (rest.hasRemaining()) {
            if (channel.write(rest) == 0) {
                Thread.onSpinWait();
            }
        }
        return this;
    }

    /** The reply to the last request is this error, and nothing else. */
    ScriptedClient expectError(RequestRule rule) throws IOException {
        return expectError(rule, cookie);
    }

    ScriptedClient expectError(RequestRule rule, long of) throws IOException {
        if (mode == ReplyMode.SIMPLE) {
            assertThat(ReplyHeader.decode(receive(ReplyHeader.SIMPLE_BYTES)))
                    .isEqualTo(new ReplyHeader.Simple(rule.errno().number(), of));
            return this;
        }
        ReplyHeader.Chunk chunk = chunk(of);
        assertThat(chunk.type()).isEqualTo(ChunkType.ERROR);
        assertThat(chunk.done()).isTrue();
        assertThat(chunk.length()).as("QEMU's limit").isLessThan(1000);
        assertThat(ErrorChunk.decode(chunk.type(), receive((int) chunk.length())))
                .isEqualTo(new ErrorChunk(rule.errno(), rule.message(), null));
        return this;
    }

    private ReplyHeader.Chunk chunk(long of) throws IOException {
        ReplyHeader header = ReplyHeader.decode(receive(mode.extendedHeaders() ? ReplyHeader.EXTENDED_BYTES : 20));
        assertThat(header.cookie()).isEqualTo(of);
        if (header instanceof ReplyHeader.Extended extended) {
            assertThat(extended.offset()).isEqualTo(offset);
        }
        return (ReplyHeader.Chunk) header;
    }

    /** The last request was done, and that is all there is to say. */
    ScriptedClient expectDone() throws IOException {
        if (mode == ReplyMode.SIMPLE) {
            assertThat(ReplyHeader.decode(receive(ReplyHeader.SIMPLE_BYTES)))
                    .isEqualTo(new ReplyHeader.Simple(0, cookie));
            return this;
        }
        ReplyHeader.Chunk chunk = chunk(cookie);
        assertThat(chunk.type()).isEqualTo(ChunkType.NONE);
        assertThat(chunk.length()).isZero();
        assertThat(chunk.done()).isTrue();
        return this;
    }

    /** Whether the last request failed; its reply is read. */
    boolean failed() throws IOException {
        ReplyHeader.Chunk chunk = chunk(cookie);
        receive((int) chunk.length());
        return ChunkType.isError(chunk.type());
    }

    /** Reads the first bytes of the export, whatever is in them: the connection lives. */
    ScriptedClient expectLife() throws IOException {
        int length = 4096;
        request(Command.READ, 0, 0, length);
        if (mode == ReplyMode.SIMPLE) {
            assertThat(ReplyHeader.decode(receive(ReplyHeader.SIMPLE_BYTES)))
                    .isEqualTo(new ReplyHeader.Simple(0, cookie));
            receive(length);
            return this;
        }
        ReplyHeader.Chunk chunk = chunk(cookie);
        assertThat(ChunkType.isError(chunk.type())).isFalse();
        receive((int) chunk.length());
        return chunk.done() ? this : expectLife();
    }

    /** The next reply's payload, without its header. */
    ByteBuf payload() throws IOException {
        return receive((int) chunk(cookie).length());
    }

    // ---- ends

    /** The server hangs up, perhaps after the rest of what it has to say. */
    ScriptedClient expectClosed() throws IOException {
        long deadline = System.nanoTime() + PATIENCE_NANOS;
        ByteBuffer rest = ByteBuffer.allocate(1 << 16);
        try {
            while (read(rest, deadline) >= 0) {
                rest.clear();
            }
        } catch (IOException reset) {
            // Also an end.
            return this;
        }
        return this;
    }

    ByteBuf receive(int length) throws IOException {
        long deadline = System.nanoTime() + PATIENCE_NANOS;
        ByteBuffer bytes = ByteBuffer.allocate(length);
        while (bytes.hasRemaining()) {
            assertThat(read(bytes, deadline)).as("the server hung up").isNotNegative();
        }
        return Unpooled.wrappedBuffer(bytes.flip());
    }

    private int read(ByteBuffer into, long deadline) throws IOException {
        int count = channel.read(into);
        while (count == 0) {
            long rest = (deadline - System.nanoTime()) / 1_000_000;
            assertThat(rest).as("milliseconds left to wait for the server").isPositive();
            readable.select(rest);
            count = channel.read(into);
        }
        return count;
    }

    @Override
    public void close() throws IOException {
        readable.close();
        channel.close();
    }
}
