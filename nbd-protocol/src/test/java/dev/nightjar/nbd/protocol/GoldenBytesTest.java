package dev.nightjar.nbd.protocol;

import static dev.nightjar.nbd.protocol.ReplyMode.EXTENDED;
import static dev.nightjar.nbd.protocol.ReplyMode.SIMPLE;
import static dev.nightjar.nbd.protocol.ReplyMode.STRUCTURED;
import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.ByteBuf;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.Function;
import org.junit.jupiter.api.Test;

/** Every message against bytes written down from the protocol document, in both directions. */
class GoldenBytesTest {

    private static <T> void same(String hex, T message, Consumer<ByteBuf> encoder, Function<ByteBuf, T> decoder) {
        assertThat(Hex.of(encoder)).isEqualTo(Hex.compact(hex));
        ByteBuf in = Hex.bytes(hex);
        assertThat(decoder.apply(in)).isEqualTo(message);
        assertThat(in.isReadable()).as("all consumed").isFalse();
    }

    private static void option(String hex, Option option) {
        same(hex, option, option::encode, in -> Option.decode(OptionHeader.decode(in), in));
    }

    private static void reply(String hex, int option, OptionReply reply) {
        same(hex, reply, out -> reply.encode(option, out), in -> {
            OptionReplyHeader header = OptionReplyHeader.decode(in);
            assertThat(header.option()).isEqualTo(option);
            return OptionReply.decode(header, in);
        });
    }

    private static void header(String hex, ReplyHeader header) {
        same(hex, header, header::encode, ReplyHeader::decode);
    }

    @Test
    void greeting() {
        Greeting greeting = new Greeting(Greeting.FIXED_NEWSTYLE | Greeting.NO_ZEROES);
        same("4e42444d41474943 49484156454f5054 0003", greeting, greeting::encode, Greeting::decode);
    }

    @Test
    void options() {
        option("49484156454f5054 00000001 00000003 766461", new Option.ExportName("vda"));
        option("49484156454f5054 00000002 00000000", new Option.Plain(OptionCode.ABORT));
        option("49484156454f5054 00000003 00000000", new Option.Plain(OptionCode.LIST));
        option("49484156454f5054 00000008 00000000", new Option.Plain(OptionCode.STRUCTURED_REPLY));
        option("49484156454f5054 0000000b 00000000", new Option.Plain(OptionCode.EXTENDED_HEADERS));
        option(
                "49484156454f5054 00000007 0000000b 00000003 766461 0001 0003",
                new Option.Describe(OptionCode.GO, "vda", List.of(InfoItem.BLOCK_SIZE)));
        option(
                "49484156454f5054 0000000a 0000001c 00000001 64 00000001 0000000f 626173653a616c6c6f636174696f6e",
                new Option.MetaContexts(OptionCode.SET_META_CONTEXT, "d", List.of("base:allocation")));
        option("49484156454f5054 000000ff 00000002 0000", new Option.Unknown(255, 2));
    }

    @Test
    void optionReplies() {
        reply("0003e889045565a9 00000007 00000001 00000000", OptionCode.GO, new OptionReply.Ack());
        reply(
                "0003e889045565a9 00000003 00000002 00000009 00000003 766461 6869",
                OptionCode.LIST,
                new OptionReply.Server("vda", "hi"));
        reply(
                "0003e889045565a9 0000000a 00000004 00000013 80000001 626173653a616c6c6f636174696f6e",
                OptionCode.SET_META_CONTEXT,
                new OptionReply.MetaContext(0x80000001L, "base:allocation"));
        reply(
                "0003e889045565a9 00000007 80000006 00000002 6e6f",
                OptionCode.GO,
                new OptionReply.Refusal(OptionError.UNKNOWN_EXPORT, "no"));
        reply(
                "0003e889045565a9 00000007 00000003 0000000c 0000 0000000100000000 018f",
                OptionCode.GO,
                new OptionReply.Item(new InfoItem.Export(1L << 32, new TransmissionFlags(0x018f))));
        reply(
                "0003e889045565a9 00000007 00000003 0000000e 0003 00000001 00001000 02000000",
                OptionCode.GO,
                new OptionReply.Item(new BlockSizes(1, 4096, 32 << 20)));
        reply(
                "0003e889045565a9 00000007 00000003 00000004 0002 6869",
                OptionCode.GO,
                new OptionReply.Item(new InfoItem.Description("hi")));
    }

    @Test
    void exportNameReply() {
        ExportNameReply reply = new ExportNameReply(4096, new TransmissionFlags(3));
        same("0000000000001000 0003", reply, out -> reply.encode(out, true), ExportNameReply::decode);
        assertThat(Hex.of(out -> reply.encode(out, false))).hasSize(2 * 134).endsWith("00".repeat(124));
    }

    @Test
    void requests() {
        Request read = new Request(CommandFlags.DF, Command.READ, 0x1122334455667788L, 0x10000, 0xfffffe00L);
        same(
                "25609513 0004 0000 1122334455667788 0000000000010000 fffffe00",
                read,
                out -> read.encode(out, SIMPLE),
                in -> Request.decode(in, STRUCTURED));
        Request status = new Request(0, Command.BLOCK_STATUS, 1, 0, 0x0000_0a00_0000_0000L);
        same(
                "21e41c71 0000 0007 0000000000000001 0000000000000000 00000a0000000000",
                status,
                out -> status.encode(out, EXTENDED),
                in -> Request.decode(in, EXTENDED));
    }

    @Test
    void requestsAsTheyComeOffTheWire() {
        RequestHeader unknown = RequestHeader.decode(
                Hex.bytes("21e41c71 8020 0063 0000000000000001 fffffffffffffe00 0000000000000200"), EXTENDED);
        assertThat(unknown).isEqualTo(new RequestHeader(0x8020, 99, 1, -512, 512));
        assertThat(unknown.command()).isNull();
        assertThat(unknown.payloadLength(EXTENDED)).isEqualTo(512);
        RequestHeader write = RequestHeader.decode(
                Hex.bytes("25609513 0001 0001 0000000000000007 0000000000010000 ffffffff"), SIMPLE);
        assertThat(write.command()).isEqualTo(Command.WRITE);
        assertThat(write.payloadLength(SIMPLE)).isEqualTo(0xffff_ffffL);
        assertThat(write.payloadLength(EXTENDED))
                .as("as QEMU's client sends it: without the payload flag")
                .isEqualTo(0xffff_ffffL);
    }

    @Test
    void blockStatusFilters() {
        StatusFilter filter = new StatusFilter(1L << 40, List.of(1L, 0x8000_0001L));
        same("0000010000000000 00000001 80000001", filter, filter::encode, StatusFilter::decode);
        assertThat(StatusFilter.bytes(2)).isEqualTo(16);
    }

    @Test
    void blockStatusExtentByExtent() {
        assertThat(Hex.of(out -> {
                    BlockStatusWriter writer = new BlockStatusWriter(out, EXTENDED, 3);
                    writer.add(1L << 40, 1L << 33);
                    writer.add(512, 0);
                    writer.finish();
                }))
                .isEqualTo(Hex.compact(
                        "00000003 00000002 0000010000000000 0000000200000000 0000000000000200" + "0000000000000000"));
        assertThat(Hex.of(out -> {
                    BlockStatusWriter writer = new BlockStatusWriter(out, STRUCTURED, 3);
                    writer.add(65536, 3);
                    writer.finish();
                }))
                .isEqualTo(Hex.compact("00000003 00010000 00000003"));
    }

    @Test
    void replyHeaders() {
        header("67446698 00000005 0000000000000007", new ReplyHeader.Simple(5, 7));
        header(
                "668e33ef 0001 8001 0000000000000007 ffffffff",
                new ReplyHeader.Structured(1, ChunkType.ERROR, 7, 0xffff_ffffL));
        header(
                "6e8a278c 0001 0006 0000000000000007 0000000000010000 0000000000000018",
                new ReplyHeader.Extended(1, ChunkType.BLOCK_STATUS_EXT, 7, 0x10000, 24));
    }

    @Test
    void contentChunks() {
        OffsetData data = new OffsetData(0x10000);
        same("0000000000010000", data, data::encode, OffsetData::decode);
        OffsetHole hole = new OffsetHole(0x10000, 0x8000_0000L);
        same("0000000000010000 80000000", hole, hole::encode, OffsetHole::decode);
    }

    @Test
    void blockStatus() {
        BlockStatus compact = BlockStatus.of(3, 65536, 3, 512, 0);
        same(
                "00000003 00010000 00000003 00000200 00000000",
                compact,
                out -> compact.encode(out, STRUCTURED),
                in -> BlockStatus.decode(in, STRUCTURED));
        BlockStatus extended = BlockStatus.of(3, 1L << 40, 1L << 33);
        same(
                "00000003 00000001 0000010000000000 0000000200000000",
                extended,
                out -> extended.encode(out, EXTENDED),
                in -> BlockStatus.decode(in, EXTENDED));
    }

    @Test
    void errorChunks() {
        ErrorChunk plain = new ErrorChunk(Errno.EIO, "bad", null);
        same("00000005 0003 626164", plain, plain::encode, in -> ErrorChunk.decode(plain.type(), in));
        ErrorChunk placed = new ErrorChunk(Errno.ENOSPC, "", 0x10000L);
        same("0000001c 0000 0000000000010000", placed, placed::encode, in -> ErrorChunk.decode(placed.type(), in));
        assertThat(placed.type()).isEqualTo(0x8002);
    }
}
