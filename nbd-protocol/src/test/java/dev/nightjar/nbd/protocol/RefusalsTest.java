package dev.nightjar.nbd.protocol;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.util.List;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;

/** What the decoders refuse, and by which rule. */
class RefusalsTest {

    private static void refused(Violation violation, ThrowingCallable decoder) {
        assertThatExceptionOfType(ViolationException.class)
                .isThrownBy(decoder)
                .satisfies(e -> assertThat(e.violation()).isEqualTo(violation));
    }

    private static Object replyTo(String hex) {
        ByteBuf in = Hex.bytes("0003e889045565a9" + hex);
        return OptionReply.decode(OptionReplyHeader.decode(in), in);
    }

    @Test
    void anOldstyleServerIsToldFromSomethingElse() {
        refused(Violation.OLDSTYLE, () -> Greeting.decode(Hex.bytes("4e42444d41474943 0000420281861253 0000")));
        refused(Violation.NOT_NBD, () -> Greeting.decode(Hex.bytes("4e42444d41474943 0000000000000000 0000")));
        refused(Violation.NOT_NBD, () -> Greeting.decode(Hex.bytes("485454502f312e31 2034303020426164 2052")));
    }

    @Test
    void lengthsAreRefusedBeforeAnythingIsAllocated() {
        refused(Violation.OPTION_REPLY_TOO_LONG, () -> replyTo("00000007 00000003 ffffffff"));
        refused(Violation.OPTION_TOO_LONG, () -> OptionHeader.decode(Hex.bytes("49484156454f5054 00000007 00010001")));
        refused(Violation.STATUS_TOO_MANY, () -> BlockStatus.checkLength(-1, ReplyMode.EXTENDED));
        refused(Violation.STATUS_TOO_MANY, () -> BlockStatus.checkLength(0xffff_ffffL, ReplyMode.STRUCTURED));
        refused(Violation.OPTION_MALFORMED, () -> {
            ByteBuf in = Hex.bytes("49484156454f5054 0000000a 00000008 00000000 ffffffff");
            Option.decode(OptionHeader.decode(in), in);
        });
    }

    @Test
    void namesHaveToBeTextOfBoundedLength() {
        refused(Violation.TEXT_MALFORMED, () -> replyTo("00000003 00000002 00000006 00000005 7664"));
        refused(Violation.TEXT_MALFORMED, () -> replyTo("00000003 00000002 00000006 00000002 c328"));
        refused(Violation.TEXT_MALFORMED, () -> replyTo("00000003 00000002 00000006 00000002 6100"));
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new Option.ExportName("x".repeat(4097)).encode(Unpooled.buffer()));
    }

    @Test
    void blockSizesHaveToBePowersOfTwoInOrder() {
        String item = "00000007 00000003 0000000e 0003 ";
        for (String sizes : List.of(
                "00000000 00001000 02000000",
                "00000003 00001000 02000000",
                "00020000 00020000 02000000",
                "00000001 00000100 02000000",
                "00000001 00001001 02000000",
                "00000001 00001000 00000800",
                "00001000 00001000 02000001")) {
            refused(Violation.BLOCK_SIZE_INVALID, () -> replyTo(item + sizes));
        }
        assertThat(replyTo(item + "00000001 00001000 ffffffff")).isNotNull();
    }

    @Test
    void exportsOfTwoToThe63BytesAreRefused() {
        refused(Violation.EXPORT_TOO_LARGE, () -> replyTo("00000007 00000003 0000000c 0000 8000000000000000 0001"));
        refused(Violation.EXPORT_TOO_LARGE, () -> ExportNameReply.decode(Hex.bytes("8000000000000000 0001")));
    }

    @Test
    void repliesToOptionsHaveKnownTypesAndNothingLeftOver() {
        refused(Violation.OPTION_REPLY_UNKNOWN, () -> replyTo("00000007 00000009 00000000"));
        refused(Violation.OPTION_REPLY_MALFORMED, () -> replyTo("00000007 00000001 00000001 00"));
        refused(Violation.OPTION_REPLY_MALFORMED, () -> replyTo("00000007 00000003 00000004 0000 0000"));
        assertThat(replyTo("00000007 80000063 00000000"))
                .isInstanceOfSatisfying(
                        OptionReply.Refusal.class, e -> assertThat(e.error()).isEqualTo(OptionError.OTHER));
    }

    @Test
    void countsAndLengthsOfBlockStatusHaveToAgree() {
        String one = "0000000000000200 0000000000000000";
        refused(
                Violation.STATUS_COUNT,
                () -> BlockStatus.decode(Hex.bytes("00000001 00000002" + one), ReplyMode.EXTENDED));
        refused(Violation.STATUS_COUNT, () -> BlockStatus.decode(Hex.bytes("00000001 00000000"), ReplyMode.EXTENDED));
        refused(
                Violation.STATUS_COUNT,
                () -> BlockStatus.decode(Hex.bytes("00000001 00000200 00"), ReplyMode.STRUCTURED));
    }

    @Test
    void errorsCarryANumberAndAMessageThatFits() {
        refused(Violation.ERROR_ZERO, () -> ErrorChunk.decode(ChunkType.ERROR, Hex.bytes("00000000 0000")));
        refused(Violation.ERROR_MESSAGE, () -> ErrorChunk.decode(ChunkType.ERROR, Hex.bytes("00000005 0002 61")));
        refused(Violation.ERROR_MESSAGE, () -> ErrorChunk.decode(ChunkType.ERROR, Hex.bytes("00000005 0000 61")));
        refused(
                Violation.ERROR_MESSAGE,
                () -> ErrorChunk.decode(ChunkType.ERROR_OFFSET, Hex.bytes("00000005 0000 00000000")));
        assertThat(ErrorChunk.decode(0x8fff, Hex.bytes("0000007b 0000 ffff")).errno())
                .as("unknown type, unknown number")
                .isEqualTo(Errno.EINVAL);
    }

    @Test
    void aCompactRequestRefusesALengthThatItCannotCarry() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new Request(0, Command.WRITE_ZEROES, 1, 0, 1L << 32)
                        .encode(Unpooled.buffer(), ReplyMode.STRUCTURED));
    }

    @Test
    void aRequestNeedsTheMagicNumberOfItsHeaders() {
        String rest = " 0000 0000 0000000000000001 0000000000000000 00000200";
        refused(
                Violation.REQUEST_MAGIC,
                () -> RequestHeader.decode(Hex.bytes("21e41c71" + rest), ReplyMode.STRUCTURED));
        refused(
                Violation.REQUEST_MAGIC,
                () -> RequestHeader.decode(Hex.bytes("25609513" + rest + "00000000"), ReplyMode.EXTENDED));
        refused(Violation.REQUEST_MAGIC, () -> RequestHeader.decode(Hex.bytes("25609513"), ReplyMode.SIMPLE));
        refused(
                Violation.REQUEST_COMMAND,
                () -> Request.decode(
                        Hex.bytes("25609513 0000 0008 0000000000000001 0000000000000000 00000200"), ReplyMode.SIMPLE));
    }

    @Test
    void aBlockStatusFilterHasWholeContextNumbers() {
        refused(Violation.STATUS_FILTER, () -> StatusFilter.decode(Hex.bytes("00000000 000000")));
        refused(Violation.STATUS_FILTER, () -> StatusFilter.decode(Hex.bytes("0000000000000200 0000")));
    }

    @Test
    void compactBlockStatusRefusesWhatItCannotCarry() {
        BlockStatusWriter writer = new BlockStatusWriter(Unpooled.buffer(), ReplyMode.STRUCTURED, 1);
        assertThatIllegalArgumentException().isThrownBy(() -> writer.add(1L << 32, 0));
        assertThatIllegalArgumentException().isThrownBy(() -> writer.add(512, 1L << 32));
        assertThat(writer.count()).isZero();
    }
}
