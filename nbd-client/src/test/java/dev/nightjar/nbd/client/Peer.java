package dev.nightjar.nbd.client;

import static org.assertj.core.api.Assertions.assertThat;

import dev.nightjar.nbd.protocol.BlockSizes;
import dev.nightjar.nbd.protocol.BlockStatus;
import dev.nightjar.nbd.protocol.ChunkType;
import dev.nightjar.nbd.protocol.Command;
import dev.nightjar.nbd.protocol.Greeting;
import dev.nightjar.nbd.protocol.InfoItem;
import dev.nightjar.nbd.protocol.Option;
import dev.nightjar.nbd.protocol.OptionCode;
import dev.nightjar.nbd.protocol.OptionError;
import dev.nightjar.nbd.protocol.OptionHeader;
import dev.nightjar.nbd.protocol.OptionReply;
import dev.nightjar.nbd.protocol.OptionReplyHeader;
import dev.nightjar.nbd.protocol.ReplyHeader;
import dev.nightjar.nbd.protocol.ReplyMode;
import dev.nightjar.nbd.protocol.Request;
import dev.nightjar.nbd.protocol.TransmissionFlags;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.ByteChannel;
import java.nio.channels.Channels;
import java.nio.channels.ReadableByteChannel;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.SocketChannel;
import java.nio.channels.WritableByteChannel;
import java.util.function.Consumer;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLSocket;

/** The scripted server's view of its client: expect, respond. Blocking; a method that says "expect" fails otherwise. */
final class Peer {

    static final int FLAGS = TransmissionFlags.HAS_FLAGS
            | TransmissionFlags.SEND_FLUSH
            | TransmissionFlags.SEND_WRITE_ZEROES
            | TransmissionFlags.CAN_MULTI_CONN;
    static final long SIZE = 1 << 20;

    private final SocketChannel channel;
    private ByteChannel bytes;
    private ReplyMode mode = ReplyMode.SIMPLE;
    private int option;

    Peer(SocketChannel channel) {
        this.channel = channel;
        this.bytes = channel;
    }

    // ---- handshake

    Peer greet() throws IOException {
        return greet(Greeting.FIXED_NEWSTYLE | Greeting.NO_ZEROES);
    }

    Peer greet(int flags) throws IOException {
        send(new Greeting(flags)::encode);
        assertThat(receive(4).readInt()).as("client flags").isEqualTo(flags);
        return this;
    }

    Option expectOption(int code) throws IOException {
        OptionHeader header = OptionHeader.decode(receive(OptionHeader.BYTES));
        assertThat(OptionCode.name(header.code())).isEqualTo(OptionCode.name(code));
        option = code;
        return Option.decode(header, receive(header.length()));
    }

    /** Replies to the option that came last. */
    Peer reply(OptionReply... replies) throws IOException {
        for (OptionReply reply : replies) {
            send(out -> reply.encode(option, out));
        }
        return this;
    }

    /** A reply of this type to the option that came last, with any body. */
    Peer replyRaw(int type, Consumer<ByteBuf> body) throws IOException {
        ByteBuf content = Unpooled.buffer();
        body.accept(content);
        return send(out -> {
            new OptionReplyHeader(option, type, content.readableBytes()).encode(out);
            out.writeBytes(content);
        });
    }

    Peer ack() throws IOException {
        return reply(new OptionReply.Ack());
    }

    Peer refuse(OptionError error) throws IOException {
        return reply(new OptionReply.Refusal(error, "because"));
    }

    /** Greets and agrees on this mode. */
    Peer agree(ReplyMode wanted) throws IOException {
        greet();
        return agreeOn(wanted);
    }

    /** As {@link #agree}, after the greeting. */
    Peer agreeOn(ReplyMode wanted) throws IOException {
        mode = wanted;
        expectOption(OptionCode.EXTENDED_HEADERS);
        if (wanted == ReplyMode.EXTENDED) {
            return ack();
        }
        refuse(OptionError.UNSUPPORTED);
        expectOption(OptionCode.STRUCTURED_REPLY);
        return wanted == ReplyMode.STRUCTURED ? ack() : refuse(OptionError.UNSUPPORTED);
    }

    /** Grants the contexts with the ids 1, 2 and so on. */
    Peer grant(String... contexts) throws IOException {
        expectOption(OptionCode.SET_META_CONTEXT);
        for (int i = 0; i < contexts.length; i++) {
            reply(new OptionReply.MetaContext(i + 1, contexts[i]));
        }
        return ack();
    }

    Peer go(int flags) throws IOException {
        return go(SIZE, flags, new BlockSizes(1, 4096, 32 << 20));
    }

    Peer go(long size, int flags, BlockSizes sizes) throws IOException {
        expectOption(OptionCode.GO);
        return reply(
                new OptionReply.Item(new InfoItem.Export(size, new TransmissionFlags(flags))),
                new OptionReply.Item(sizes),
                new OptionReply.Ack());
    }

    /** Goes over to TLS, as a server that has acknowledged STARTTLS; the connection has to be TCP. */
    Peer encrypt(SSLContext context) throws IOException {
        SSLSocket socket = (SSLSocket) context.getSocketFactory().createSocket(channel.socket(), null, false);
        socket.setUseClientMode(false);
        socket.startHandshake();
        ReadableByteChannel in = Channels.newChannel(socket.getInputStream());
        WritableByteChannel out = Channels.newChannel(socket.getOutputStream());
        bytes = new ByteChannel() {
            @Override
            public int read(ByteBuffer target) throws IOException {
                return in.read(target);
            }

            @Override
            public int write(ByteBuffer source) throws IOException {
                return out.write(source);
            }

            @Override
            public boolean isOpen() {
                return channel.isOpen();
            }

            @Override
            public void close() throws IOException {
                channel.close();
            }
        };
        return this;
    }

    /** Whatever was agreed on, what follows is sent in plain. */
    Peer decrypt() {
        bytes = channel;
        return this;
    }

    // ---- transmission

    Request nextRequest() throws IOException {
        return Request.decode(receive(Request.bytes(mode)), mode);
    }

    Request expectRequest(Command command) throws IOException {
        Request request = nextRequest();
        assertThat(request.command()).isEqualTo(command);
        return request;
    }

    /** A chunk in the negotiated layout, with everything as it should be. */
    Peer chunk(Request to, int flags, int type, Consumer<ByteBuf> payload) throws IOException {
        ByteBuf body = Unpooled.buffer();
        payload.accept(body);
        header(to, flags, type, body.readableBytes());
        return send(out -> out.writeBytes(body));
    }

    /** A chunk's header alone. */
    Peer header(Request to, int flags, int type, long length) throws IOException {
        return send(
                (mode.extendedHeaders()
                                ? new ReplyHeader.Extended(flags, type, to.cookie(), to.offset(), length)
                                : new ReplyHeader.Structured(flags, type, to.cookie(), length))::encode);
    }

    Peer data(Request to, int flags, long offset, int length, int fill) throws IOException {
        return chunk(to, flags, ChunkType.OFFSET_DATA, out -> {
            out.writeLong(offset);
            for (int i = 0; i < length; i++) {
                out.writeByte(fill);
            }
        });
    }

    Peer hole(Request to, int flags, long offset, int length) throws IOException {
        return chunk(
                to, flags, ChunkType.OFFSET_HOLE, out -> out.writeLong(offset).writeInt(length));
    }

    /** Pairs of length and status. */
    Peer status(Request to, int flags, long context, long... pairs) throws IOException {
        return chunk(
                to,
                flags,
                ChunkType.blockStatus(mode),
                out -> BlockStatus.of(context, pairs).encode(out, mode));
    }

    Peer done(Request to) throws IOException {
        return header(to, ReplyHeader.DONE, ChunkType.NONE, 0);
    }

    Peer error(Request to, int flags, int number, String message) throws IOException {
        return chunk(
                to,
                flags,
                ChunkType.ERROR,
                out -> out.writeInt(number)
                        .writeShort(message.length())
                        .writeCharSequence(message, java.nio.charset.StandardCharsets.UTF_8));
    }

    /** Whether the client sends anything within a tenth of a second. */
    boolean pending() throws IOException {
        boolean readable;
        channel.configureBlocking(false);
        try (Selector selector = Selector.open()) {
            channel.register(selector, SelectionKey.OP_READ);
            readable = selector.select(100) > 0;
        }
        channel.configureBlocking(true);
        return readable;
    }

    /** The client hangs up, with or without farewell. */
    void expectEnd() throws IOException {
        ByteBuffer rest = ByteBuffer.allocate(64);
        while (bytes.read(rest) >= 0) {
            rest.clear();
        }
    }

    // ---- bytes

    Peer send(Consumer<ByteBuf> encoder) throws IOException {
        ByteBuf out = Unpooled.buffer();
        encoder.accept(out);
        ByteBuffer left = out.nioBuffer();
        while (left.hasRemaining()) {
            bytes.write(left);
        }
        return this;
    }

    ByteBuf receive(int length) throws IOException {
        ByteBuffer received = ByteBuffer.allocate(length);
        while (received.hasRemaining()) {
            assertThat(bytes.read(received)).as("the client hung up").isNotNegative();
        }
        return Unpooled.wrappedBuffer(received.flip());
    }
}
