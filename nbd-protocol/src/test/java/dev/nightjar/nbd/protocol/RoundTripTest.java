package dev.nightjar.nbd.protocol;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.util.List;
import java.util.stream.LongStream;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.LongRange;
import net.jqwik.api.constraints.Size;
import net.jqwik.api.constraints.StringLength;

/** What is encoded is decoded to the same, for unsigned numbers of every size. */
class RoundTripTest {

    @Property
    void requestsSurviveInBothLayouts(
            @ForAll @IntRange(max = 0xffff) int flags,
            @ForAll Command command,
            @ForAll long cookie,
            @ForAll long offset,
            @ForAll @LongRange(min = 0, max = 0xffff_ffffL) long length) {
        Request request = new Request(flags, command, cookie, offset, length);
        for (ReplyMode mode : ReplyMode.values()) {
            ByteBuf wire = Unpooled.buffer();
            request.encode(wire, mode);
            assertThat(wire.readableBytes()).isEqualTo(Request.bytes(mode));
            assertThat(Request.decode(wire, mode)).isEqualTo(request);
        }
    }

    @Property
    void replyHeadersSurvive(@ForAll("headers") ReplyHeader header) {
        ByteBuf wire = Unpooled.buffer();
        header.encode(wire);
        assertThat(ReplyHeader.bytes(wire.getInt(0))).isEqualTo(wire.readableBytes());
        assertThat(ReplyHeader.decode(wire)).isEqualTo(header);
    }

    @Provide
    Arbitrary<ReplyHeader> headers() {
        Arbitrary<Integer> u16 = Arbitraries.integers().between(0, 0xffff);
        Arbitrary<Long> u32 = Arbitraries.longs().between(0, 0xffff_ffffL);
        Arbitrary<Long> u64 = Arbitraries.longs();
        return Arbitraries.oneOf(
                Combinators.combine(u32, u64).as(ReplyHeader.Simple::new),
                Combinators.combine(u16, u16, u64, u32).as(ReplyHeader.Structured::new),
                Combinators.combine(u16, u16, u64, u64, u64).as(ReplyHeader.Extended::new));
    }

    @Property
    void extendedBlockStatusSurvives(
            @ForAll @LongRange(min = 0, max = 0xffff_ffffL) long context,
            @ForAll @Size(min = 1, max = 50) List<Long> numbers) {
        long[] pairs = numbers.stream()
                .flatMapToLong(each -> LongStream.of(each, ~each))
                .toArray();
        BlockStatus status = BlockStatus.of(context, pairs);
        ByteBuf wire = Unpooled.buffer();
        status.encode(wire, ReplyMode.EXTENDED);
        assertThat(BlockStatus.decode(wire, ReplyMode.EXTENDED)).isEqualTo(status);
    }

    @Property
    void contextQueriesSurvive(
            @ForAll @StringLength(max = 300) String export,
            @ForAll @Size(max = 5) List<@StringLength(max = 99) String> q) {
        List<String> queries = q.stream().map(RoundTripTest::carriable).toList();
        Option option = new Option.MetaContexts(OptionCode.SET_META_CONTEXT, carriable(export), queries);
        ByteBuf wire = Unpooled.buffer();
        option.encode(wire);
        assertThat(Option.decode(OptionHeader.decode(wire), wire)).isEqualTo(option);
    }

    /** NBD carries neither NUL nor halves of surrogate pairs. */
    private static String carriable(String text) {
        StringBuilder out = new StringBuilder();
        text.codePoints()
                .filter(point -> point != 0 && (point < 0xd800 || point > 0xdfff))
                .forEach(out::appendCodePoint);
        return out.toString();
    }

    @Property
    void noBytesAtAllMakeADecoderFailOtherwiseThanByAViolation(@ForAll @Size(max = 80) List<Byte> bytes) {
        ByteBuf noise = Unpooled.buffer();
        bytes.forEach(noise::writeByte);
        for (ReplyMode mode : ReplyMode.values()) {
            onlyViolations(() -> BlockStatus.decode(noise.duplicate(), mode));
            onlyViolations(() -> Request.decode(noise.duplicate(), mode));
        }
        for (int type : List.of(0, 1, 2, 3, 4, 5, OptionError.POLICY.replyType())) {
            OptionReplyHeader header = new OptionReplyHeader(OptionCode.GO, type, noise.readableBytes());
            onlyViolations(() -> OptionReply.decode(header, noise.duplicate()));
        }
        for (int code = 0; code < 13; code++) {
            OptionHeader header = new OptionHeader(code, noise.readableBytes());
            onlyViolations(() -> Option.decode(header, noise.duplicate()));
        }
        for (int type : List.of(ChunkType.ERROR, ChunkType.ERROR_OFFSET, ChunkType.ERROR_BIT | 9)) {
            onlyViolations(() -> ErrorChunk.decode(type, noise.duplicate()));
        }
        onlyViolations(() -> ReplyHeader.decode(noise.duplicate()));
        onlyViolations(() -> Greeting.decode(noise.duplicate()));
    }

    private static void onlyViolations(Runnable decoder) {
        try {
            decoder.run();
        } catch (ViolationException expected) {
            assertThat(expected.violation()).isNotNull();
        }
    }
}
