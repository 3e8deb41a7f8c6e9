package dev.nightjar.nbd.client;

import static dev.nightjar.nbd.client.NbdOptions.BASE_ALLOCATION;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.nightjar.nbd.client.transport.NoLeaks;
import dev.nightjar.nbd.protocol.BlockSizes;
import dev.nightjar.nbd.protocol.Command;
import dev.nightjar.nbd.protocol.ExportNameReply;
import dev.nightjar.nbd.protocol.Greeting;
import dev.nightjar.nbd.protocol.InfoItem;
import dev.nightjar.nbd.protocol.Option;
import dev.nightjar.nbd.protocol.OptionCode;
import dev.nightjar.nbd.protocol.OptionError;
import dev.nightjar.nbd.protocol.OptionReply;
import dev.nightjar.nbd.protocol.ReplyMode;
import dev.nightjar.nbd.protocol.TransmissionFlags;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** The handshake as a transcript, with a server that is up to everything. */
@ExtendWith(NoLeaks.class)
class NegotiationTest {

    private static final String DIRTY = "qemu:dirty-bitmap:b";
    private static final NbdOptions PLAIN = NbdOptions.defaults().withOptionalContexts();

    private static NbdException openFails(ScriptedServer server, NbdOptions options) {
        return org.assertj.core.api.Assertions.catchThrowableOfType(
                NbdException.class, () -> NbdConnection.open(server.uri(), options));
    }

    @Test
    void extendedHeadersAreAskedForFirstAndImplyTheRest() {
        try (ScriptedServer server = ScriptedServer.playing(client -> {
            client.greet();
            client.expectOption(OptionCode.EXTENDED_HEADERS);
            client.ack();
            assertThat(client.expectOption(OptionCode.SET_META_CONTEXT))
                    .isEqualTo(new Option.MetaContexts(
                            OptionCode.SET_META_CONTEXT, "disk", List.of(DIRTY, BASE_ALLOCATION)));
            client.reply(
                    new OptionReply.MetaContext(7, BASE_ALLOCATION),
                    new OptionReply.MetaContext(0xffff_ffffL, DIRTY),
                    new OptionReply.Ack());
            assertThat(client.expectOption(OptionCode.GO))
                    .isEqualTo(new Option.Describe(
                            OptionCode.GO, "disk", List.of(InfoItem.NAME, InfoItem.DESCRIPTION, InfoItem.BLOCK_SIZE)));
            client.reply(
                    new OptionReply.Item(new InfoItem.Export(Peer.SIZE, new TransmissionFlags(0x18d))),
                    new OptionReply.Item(new InfoItem.Description("a disk")),
                    new OptionReply.Item(new InfoItem.Other(99)),
                    new OptionReply.Item(new BlockSizes(512, 65536, 1 << 20)),
                    new OptionReply.Ack());
            client.expectEnd();
        })) {
            try (NbdConnection connection =
                    NbdConnection.open(server.uri(), NbdOptions.defaults().withContexts(DIRTY))) {
                ExportInfo export = connection.export();
                assertThat(export.mode()).isEqualTo(ReplyMode.EXTENDED);
                assertThat(export.contexts()).containsExactly(BASE_ALLOCATION, DIRTY);
                assertThat(export.blockSizes()).isEqualTo(new BlockSizes(512, 65536, 1 << 20));
                assertThat(connection.maxRequestBytes()).isEqualTo(1 << 20);
                assertThat(export.canMultiConn()).isTrue();
                assertThat(export.canDf()).isTrue();
                assertThat(export.readOnly()).isFalse();
                assertThat(export.description()).isEqualTo("a disk");
                assertThat(export.encrypted()).isFalse();
            }
        }
    }

    @Test
    void anyRefusalOfExtendedHeadersLeadsToStructuredReplies() {
        for (OptionError error : List.of(OptionError.UNSUPPORTED, OptionError.POLICY, OptionError.INVALID)) {
            try (ScriptedServer server = ScriptedServer.playing(client -> {
                client.greet();
                client.expectOption(OptionCode.EXTENDED_HEADERS);
                client.refuse(error);
                client.expectOption(OptionCode.STRUCTURED_REPLY);
                client.ack().go(Peer.FLAGS).expectEnd();
            })) {
                try (NbdConnection connection = NbdConnection.open(server.uri(), PLAIN)) {
                    assertThat(connection.export().mode()).isEqualTo(ReplyMode.STRUCTURED);
                    assertThat(connection.export().canDf()).isFalse();
                }
            }
        }
    }

    @Test
    void withoutStructuredRepliesNoContextIsAskedFor() {
        try (ScriptedServer server = ScriptedServer.playing(
                client -> client.agree(ReplyMode.SIMPLE).go(Peer.FLAGS).expectEnd())) {
            try (NbdConnection connection = NbdConnection.open(server.uri(), NbdOptions.defaults())) {
                assertThat(connection.export().mode()).isEqualTo(ReplyMode.SIMPLE);
                assertThat(connection.export().contexts()).isEmpty();
            }
        }
        try (ScriptedServer server =
                ScriptedServer.playing(client -> client.agree(ReplyMode.SIMPLE).expectEnd())) {
            assertThat(openFails(server, PLAIN.withContexts(DIRTY)).code()).isEqualTo(NbdErrorCode.CONTEXT_MISSING);
        }
    }

    @Test
    void aServerWithoutGoIsOpenedByName() {
        try (ScriptedServer server = ScriptedServer.playing(client -> {
            client.agree(ReplyMode.STRUCTURED).expectOption(OptionCode.GO);
            client.refuse(OptionError.UNSUPPORTED);
            assertThat(client.expectOption(OptionCode.EXPORT_NAME)).isEqualTo(new Option.ExportName("disk"));
            client.send(out -> new ExportNameReply(Peer.SIZE, new TransmissionFlags(3)).encode(out, true));
            client.expectEnd();
        })) {
            try (NbdConnection connection = NbdConnection.open(server.uri(), PLAIN)) {
                assertThat(connection.export().size()).isEqualTo(Peer.SIZE);
                assertThat(connection.export().readOnly()).isTrue();
                assertThat(connection.export().blockSizes()).isEqualTo(BlockSizes.UNKNOWN);
            }
        }
    }

    @Test
    void theOldestNewstyleServerGetsNothingButTheNameAndItsZeroesAreSkipped() {
        try (ScriptedServer server = ScriptedServer.playing(client -> {
            client.greet(0).expectOption(OptionCode.EXPORT_NAME);
            client.send(out -> new ExportNameReply(Peer.SIZE, new TransmissionFlags(1)).encode(out, false));
            client.expectRequest(Command.READ);
            client.expectEnd();
        })) {
            try (NbdConnection connection = NbdConnection.open(server.uri(), NbdOptions.defaults())) {
                assertThat(connection.export().size()).isEqualTo(Peer.SIZE);
                var _ = connection.read(0, 512);
            }
        }
    }

    @Test
    void extendedHeadersMakeGoMandatory() {
        try (ScriptedServer server = ScriptedServer.playing(client -> {
            client.agree(ReplyMode.EXTENDED).expectOption(OptionCode.GO);
            client.refuse(OptionError.UNSUPPORTED).expectEnd();
        })) {
            assertThat(openFails(server, PLAIN).code()).isEqualTo(NbdErrorCode.UNSUPPORTED);
        }
    }

    @Test
    void anEmptySuccessForARequiredContextFails() {
        try (ScriptedServer server = ScriptedServer.playing(client ->
                client.agree(ReplyMode.EXTENDED).grant(BASE_ALLOCATION).expectEnd())) {
            NbdException failure = openFails(server, NbdOptions.defaults().withContexts(DIRTY));
            assertThat(failure.code()).isEqualTo(NbdErrorCode.CONTEXT_MISSING);
            assertThat(failure).hasMessageContaining(DIRTY);
            assertThat(failure.hint()).isNotBlank();
        }
    }

    @Test
    void aRefusedMetaContextOptionFailsOnlyIfAContextIsRequired() {
        try (ScriptedServer server = ScriptedServer.playing(client -> {
            client.agree(ReplyMode.EXTENDED).expectOption(OptionCode.SET_META_CONTEXT);
            client.refuse(OptionError.UNSUPPORTED).go(Peer.FLAGS).expectEnd();
        })) {
            try (NbdConnection connection = NbdConnection.open(server.uri(), NbdOptions.defaults())) {
                assertThat(connection.export().contexts()).isEmpty();
            }
        }
        try (ScriptedServer server = ScriptedServer.playing(client -> {
            client.agree(ReplyMode.EXTENDED).expectOption(OptionCode.SET_META_CONTEXT);
            client.refuse(OptionError.UNSUPPORTED).expectEnd();
        })) {
            assertThat(openFails(server, PLAIN.withContexts(DIRTY)).code()).isEqualTo(NbdErrorCode.CONTEXT_MISSING);
        }
    }

    @Test
    void everyRefusalOfGoHasItsCode() {
        assertGoRefusal(OptionError.UNKNOWN_EXPORT, NbdErrorCode.EXPORT_UNKNOWN);
        assertGoRefusal(OptionError.POLICY, NbdErrorCode.REFUSED_BY_POLICY);
        assertGoRefusal(OptionError.TLS_REQUIRED, NbdErrorCode.TLS_FAILED);
        assertGoRefusal(OptionError.SHUTDOWN, NbdErrorCode.CLOSED);
        assertGoRefusal(OptionError.TOO_BIG, NbdErrorCode.UNSUPPORTED);
    }

    private static void assertGoRefusal(OptionError error, NbdErrorCode code) {
        try (ScriptedServer server = ScriptedServer.playing(client -> {
            client.agree(ReplyMode.EXTENDED).expectOption(OptionCode.GO);
            client.refuse(error).expectEnd();
        })) {
            NbdException failure = openFails(server, PLAIN);
            assertThat(failure.code()).as("" + error).isEqualTo(code);
            assertThat(failure).hasMessageContaining("the server says: because");
        }
    }

    @Test
    void aSilentServerIsGivenUpAfterTheNegotiationTimeout() {
        try (ScriptedServer server = ScriptedServer.playing(Peer::expectEnd)) {
            NbdOptions hasty = PLAIN.withTimeouts(Duration.ofSeconds(5), Duration.ofMillis(100), Duration.ofSeconds(5));
            NbdException failure = openFails(server, hasty);
            assertThat(failure.code()).isEqualTo(NbdErrorCode.TIMED_OUT);
            assertThat(failure.retryable()).isTrue();
        }
    }

    @Test
    void aServerThatHangsUpIsReportedAsClosed() {
        try (ScriptedServer server = ScriptedServer.playing(Peer::greet)) {
            assertThat(openFails(server, PLAIN).code()).isEqualTo(NbdErrorCode.CLOSED);
        }
    }

    @Test
    void nobodyListeningIsUnreachable() {
        for (String uri : List.of("nbd+unix:///x?socket=/nonexistent/socket", "nbd://127.0.0.1:1/x")) {
            assertThatExceptionOfType(NbdException.class)
                    .isThrownBy(() -> NbdConnection.open(NbdUri.parse(uri), PLAIN))
                    .satisfies(e -> assertThat(e.code()).isEqualTo(NbdErrorCode.UNREACHABLE));
        }
    }

    @Test
    void exportsAreListed() {
        try (ScriptedServer server = ScriptedServer.playing(client -> {
            client.greet().expectOption(OptionCode.LIST);
            client.reply(new OptionReply.Server("a", ""), new OptionReply.Server("b", "text"), new OptionReply.Ack());
            client.expectOption(OptionCode.ABORT);
            client.expectEnd();
        })) {
            assertThat(NbdConnection.list(server.uri()))
                    .containsExactly(new ExportListing("a", ""), new ExportListing("b", "text"));
        }
    }

    @Test
    void listingCanBeForbidden() {
        try (ScriptedServer server = ScriptedServer.playing(client -> {
            client.greet().expectOption(OptionCode.LIST);
            client.refuse(OptionError.POLICY).expectEnd();
        })) {
            assertThatExceptionOfType(NbdException.class)
                    .isThrownBy(() -> NbdConnection.list(server.uri()))
                    .satisfies(e -> assertThat(e.code()).isEqualTo(NbdErrorCode.REFUSED_BY_POLICY));
        }
        try (ScriptedServer server = ScriptedServer.playing(
                client -> client.greet(Greeting.NO_ZEROES).expectEnd())) {
            assertThatExceptionOfType(NbdException.class)
                    .isThrownBy(() -> NbdConnection.list(server.uri()))
                    .satisfies(e -> assertThat(e.code()).isEqualTo(NbdErrorCode.UNSUPPORTED));
        }
    }
}
