package dev.nightjar.nbd.server.handshake;

import static org.assertj.core.api.Assertions.assertThat;

import dev.nightjar.nbd.protocol.BlockSizes;
import dev.nightjar.nbd.protocol.InfoItem;
import dev.nightjar.nbd.protocol.Option;
import dev.nightjar.nbd.protocol.OptionCode;
import dev.nightjar.nbd.protocol.OptionHeader;
import dev.nightjar.nbd.protocol.OptionReply;
import dev.nightjar.nbd.protocol.OptionReply.Ack;
import dev.nightjar.nbd.protocol.OptionReply.MetaContext;
import dev.nightjar.nbd.protocol.OptionReply.Refusal;
import dev.nightjar.nbd.protocol.OptionReplyHeader;
import dev.nightjar.nbd.protocol.ReplyMode;
import dev.nightjar.nbd.protocol.TransmissionFlags;
import dev.nightjar.nbd.server.export.Export;
import dev.nightjar.nbd.server.export.ExportDescription;
import dev.nightjar.nbd.server.export.Exports;
import dev.nightjar.nbd.server.export.ServedDisk;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The handshake as a transcript: an option, and what it is answered. */
class NegotiationTest {

    private static final String DIRTY = "qemu:dirty-bitmap:since-monday";

    private final Exports exports = new Exports(Duration.ZERO);
    private Negotiation negotiation = new Negotiation(exports, TlsStance.OFF);
    private Step step = new Step.Next();

    @BeforeEach
    void begin() {
        offer("disk", false);
        negotiation.begin(3);
    }

    private void offer(String name, boolean writable) {
        ExportDescription description = new ExportDescription(
                name, "for tests", 1 << 20, ExportDescription.DEFAULT_BLOCK_SIZES, writable, true, List.of(DIRTY));
        exports.add(new Export() {
            @Override
            public ExportDescription description() {
                return description;
            }

            @Override
            public ServedDisk open() {
                throw new AssertionError("the handshake opens nothing");
            }
        });
    }

    private List<OptionReply> answers(Option option) {
        ByteBuf in = Unpooled.buffer();
        option.encode(in);
        ByteBuf out = Unpooled.buffer();
        step = negotiation.answer(OptionHeader.decode(in), in, out);
        return replies(option, out);
    }

    private static List<OptionReply> replies(Option option, ByteBuf out) {
        List<OptionReply> replies = new ArrayList<>();
        while (out.isReadable()) {
            OptionReplyHeader header = OptionReplyHeader.decode(out);
            assertThat(header.option()).isEqualTo(option.code());
            replies.add(OptionReply.decode(header, out));
        }
        return replies;
    }

    private static Option plain(int code) {
        return new Option.Plain(code);
    }

    private static Option list(String... queries) {
        return new Option.MetaContexts(OptionCode.LIST_META_CONTEXT, "disk", List.of(queries));
    }

    private static Option set(String export, String... queries) {
        return new Option.MetaContexts(OptionCode.SET_META_CONTEXT, export, List.of(queries));
    }

    private static Option describe(int code, String export, Integer... items) {
        return new Option.Describe(code, export, List.of(items));
    }

    private static OptionReply refusal(OptionRule rule) {
        return new Refusal(rule.error(), rule.message());
    }

    @Test
    void listNamesEveryExport() {
        offer("another", true);
        assertThat(answers(plain(OptionCode.LIST)))
                .containsExactly(
                        new OptionReply.Server("another", "for tests"),
                        new OptionReply.Server("disk", "for tests"),
                        new Ack());
    }

    @Test
    void infoTellsSizeFlagsAndBlockSizesAlwaysAndTheRestIfAsked() {
        BlockSizes sizes = ExportDescription.DEFAULT_BLOCK_SIZES;
        TransmissionFlags flags = new TransmissionFlags(0b1_0000_1111);
        assertThat(answers(describe(OptionCode.INFO, "disk")))
                .containsExactly(
                        new OptionReply.Item(new InfoItem.Export(1 << 20, flags)),
                        new OptionReply.Item(sizes),
                        new Ack());
        assertThat(answers(describe(OptionCode.INFO, "", InfoItem.NAME, InfoItem.DESCRIPTION)))
                .as("the default export has a name")
                .containsExactly(
                        new OptionReply.Item(new InfoItem.Export(1 << 20, flags)),
                        new OptionReply.Item(new InfoItem.Name("disk")),
                        new OptionReply.Item(new InfoItem.Description("for tests")),
                        new OptionReply.Item(sizes),
                        new Ack());
    }

    @Test
    void flagsFollowWhatWasAgreedOn() {
        offer("scratch", true);
        assertThat(flags("scratch").bits()).isEqualTo(0b1001_0110_1101);
        answers(plain(OptionCode.STRUCTURED_REPLY));
        assertThat(flags("scratch").has(TransmissionFlags.SEND_DF)).isTrue();
        assertThat(flags("scratch").has(TransmissionFlags.BLOCK_STATUS_PAYLOAD)).isFalse();
        answers(plain(OptionCode.EXTENDED_HEADERS));
        assertThat(flags("scratch").has(TransmissionFlags.BLOCK_STATUS_PAYLOAD)).isTrue();
    }

    private TransmissionFlags flags(String export) {
        return answers(describe(OptionCode.INFO, export)).stream()
                .filter(OptionReply.Item.class::isInstance)
                .map(reply -> ((OptionReply.Item) reply).item())
                .filter(InfoItem.Export.class::isInstance)
                .map(item -> ((InfoItem.Export) item).flags())
                .findFirst()
                .orElseThrow();
    }

    @Test
    void queriesThatEndInAColonListAllThatBeginSo() {
        answers(plain(OptionCode.STRUCTURED_REPLY));
        OptionReply base = new MetaContext(0, "base:allocation");
        OptionReply dirty = new MetaContext(0, DIRTY);
        assertThat(answers(list())).containsExactly(base, dirty, new Ack());
        assertThat(answers(list("base:"))).containsExactly(base, new Ack());
        assertThat(answers(list("qemu:"))).containsExactly(dirty, new Ack());
        assertThat(answers(list("qemu:dirty-bitmap:"))).containsExactly(dirty, new Ack());
        assertThat(answers(list("base:", "qemu:"))).containsExactly(base, dirty, new Ack());
        assertThat(answers(list(DIRTY, DIRTY))).containsExactly(dirty, new Ack());
        assertThat(answers(list("qemu:dirty-bitmap:since", "x-other:", "base", "")))
                .containsExactly(new Ack());
    }

    @Test
    void onlyNamesAreChosenAndWhatDoesNotExistIsAnEmptySuccess() {
        answers(plain(OptionCode.EXTENDED_HEADERS));
        assertThat(answers(set("disk", DIRTY, "base:allocation", DIRTY)))
                .containsExactly(new MetaContext(1, "base:allocation"), new MetaContext(2, DIRTY), new Ack());
        assertThat(answers(set("disk", "qemu:dirty-bitmap:", "qemu:dirty-bitmap:nothing", "base:")))
                .containsExactly(new Ack());
        assertThat(answers(set("disk"))).containsExactly(new Ack());
    }

    @Test
    void theDefaultNameIsTheOnlyExport() {
        answers(plain(OptionCode.EXTENDED_HEADERS));
        answers(set("", "base:allocation"));
        answers(describe(OptionCode.GO, "disk"));
        assertThat(step).isInstanceOf(Step.Open.class);
        Agreement agreement = negotiation.opened((Step.Open) step, Unpooled.buffer());
        assertThat(agreement.contexts()).as("chosen under the other name").hasSize(1);
    }

    @Test
    void goIsAnsweredWhenTheDiskIsOpen() {
        answers(plain(OptionCode.EXTENDED_HEADERS));
        answers(set("disk", DIRTY));
        Option go = describe(OptionCode.GO, "disk", InfoItem.BLOCK_SIZE);
        assertThat(answers(go)).isEmpty();
        ByteBuf out = Unpooled.buffer();
        Agreement agreement = negotiation.opened((Step.Open) step, out);
        assertThat(replies(go, out)).hasSize(3).last().isEqualTo(new Ack());
        assertThat(agreement.mode()).isEqualTo(ReplyMode.EXTENDED);
        assertThat(agreement.contexts()).containsExactly(new GrantedContext(1, DIRTY));
    }

    @Test
    void exportNameIsAnsweredWithZeroesUnlessTheyAreWaived() {
        for (int flags : new int[] {3, 1, 0}) {
            negotiation = new Negotiation(exports, TlsStance.OFF);
            negotiation.begin(flags);
            answers(new Option.ExportName(""));
            ByteBuf out = Unpooled.buffer();
            assertThat(negotiation.opened((Step.Open) step, out).mode()).isEqualTo(ReplyMode.SIMPLE);
            assertThat(out.readableBytes()).isEqualTo(flags == 3 ? 10 : 134);
            assertThat(out.readLong()).isEqualTo(1 << 20);
        }
    }

    @Test
    void startTlsWipesWhatWasAgreedOnBefore() {
        negotiation = new Negotiation(exports, TlsStance.OFFERED);
        negotiation.begin(3);
        answers(plain(OptionCode.EXTENDED_HEADERS));
        answers(set("disk", DIRTY));
        assertThat(answers(plain(OptionCode.STARTTLS))).containsExactly(new Ack());
        assertThat(step).isInstanceOf(Step.Encrypt.class);
        negotiation.encrypted();
        answers(describe(OptionCode.GO, "disk"));
        Agreement agreement = negotiation.opened((Step.Open) step, Unpooled.buffer());
        assertThat(agreement.mode()).isEqualTo(ReplyMode.SIMPLE);
        assertThat(agreement.contexts()).isEmpty();
        assertThat(answers(plain(OptionCode.EXTENDED_HEADERS))).containsExactly(new Ack());
        assertThat(answers(plain(OptionCode.STARTTLS))).containsExactly(refusal(OptionRule.TLS_TWICE));
    }

    @Test
    void whereTlsIsRequiredNothingElseIsGrantedBefore() {
        negotiation = new Negotiation(exports, TlsStance.REQUIRED);
        negotiation.begin(3);
        for (Option option : List.of(
                plain(OptionCode.LIST),
                plain(OptionCode.STRUCTURED_REPLY),
                plain(OptionCode.EXTENDED_HEADERS),
                describe(OptionCode.INFO, "disk"),
                describe(OptionCode.GO, "disk"),
                list("base:"),
                set("disk", "base:allocation"),
                new Option.Unknown(99, 4))) {
            assertThat(answers(option)).containsExactly(refusal(OptionRule.TLS_FIRST));
        }
        assertThat(answers(plain(OptionCode.STARTTLS))).containsExactly(new Ack());
        assertThat(answers(plain(OptionCode.ABORT))).containsExactly(new Ack());
        assertThat(step).isInstanceOf(Step.Leave.class);
    }
}
