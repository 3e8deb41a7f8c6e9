package dev.nightjar.nbd.client;

import static dev.nightjar.nbd.client.NbdOptions.BASE_ALLOCATION;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.nightjar.nbd.client.extent.Extent;
import dev.nightjar.nbd.client.transport.NoLeaks;
import dev.nightjar.nbd.protocol.ChunkType;
import dev.nightjar.nbd.protocol.Command;
import dev.nightjar.nbd.protocol.CommandFlags;
import dev.nightjar.nbd.protocol.ReplyHeader;
import dev.nightjar.nbd.protocol.ReplyMode;
import dev.nightjar.nbd.protocol.Request;
import dev.nightjar.nbd.protocol.TransmissionFlags;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.assertj.core.api.InstanceOfAssertFactories;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** Requests and replies as a transcript. */
@ExtendWith(NoLeaks.class)
class TransmissionTest {

    private static final NbdOptions OPTIONS = NbdOptions.defaults().withOptionalContexts();

    private static void assertCode(CompletableFuture<?> future, NbdErrorCode code) {
        assertThatThrownBy(future::join)
                .cause()
                .asInstanceOf(InstanceOfAssertFactories.type(NbdException.class))
                .extracting(NbdException::code)
                .isEqualTo(code);
    }

    private static void assertFilled(ByteBuf buffer, int... fills) {
        try {
            int each = buffer.readableBytes() / fills.length;
            for (int i = 0; i < buffer.readableBytes(); i++) {
                assertThat(buffer.getByte(i)).as("byte " + i).isEqualTo((byte) fills[i / each]);
            }
        } finally {
            buffer.release();
        }
    }

    @Test
    void repliesComeInAnyOrderAndInPieces() {
        try (ScriptedServer server = ScriptedServer.playing(client -> {
            client.agree(ReplyMode.EXTENDED).go(Peer.FLAGS);
            Request first = client.expectRequest(Command.READ);
            Request second = client.expectRequest(Command.READ);
            client.data(second, 0, second.offset() + 49152, 16384, 4);
            client.data(first, 0, 32768, 32768, 2);
            client.hole(second, 0, second.offset() + 16384, 32768);
            client.data(second, 0, second.offset(), 16384, 3);
            client.done(second);
            client.data(first, ReplyHeader.DONE, 0, 32768, 1);
            client.expectEnd();
        })) {
            try (NbdConnection connection = NbdConnection.open(server.uri(), OPTIONS)) {
                CompletableFuture<ByteBuf> first = connection.read(0, 65536);
                CompletableFuture<ByteBuf> second = connection.read(65536, 65536);
                assertFilled(second.join(), 3, 0, 0, 4);
                assertFilled(first.join(), 1, 2);
            }
        }
    }

    @Test
    void aReadThatFailsInTheMiddleShowsNothingOfItself() {
        try (ScriptedServer server = ScriptedServer.playing(client -> {
            client.agree(ReplyMode.EXTENDED).go(Peer.FLAGS);
            Request read = client.expectRequest(Command.READ);
            client.data(read, 0, 0, 32768, 1);
            client.error(read, 0, 5, "bad\nsector");
            client.data(read, 0, 32768, 32768, 1);
            client.done(read);
            Request next = client.expectRequest(Command.READ);
            client.data(next, ReplyHeader.DONE, next.offset(), 512, 9);
            client.expectEnd();
        })) {
            try (NbdConnection connection = NbdConnection.open(server.uri(), OPTIONS)) {
                assertThatThrownBy(() -> connection.read(0, 65536).join())
                        .cause()
                        .isInstanceOfSatisfying(
                                NbdException.class, e -> assertThat(e.code()).isEqualTo(NbdErrorCode.IO_ERROR))
                        .hasMessageContaining("bad?sector")
                        .hasMessageContaining("65536 bytes at offset 0");
                assertFilled(connection.read(512, 512).join(), 9);
            }
        }
    }

    @Test
    void anUnknownErrorChunkFailsItsRequestOnly() {
        try (ScriptedServer server = ScriptedServer.playing(client -> {
            client.agree(ReplyMode.STRUCTURED).go(Peer.FLAGS);
            Request read = client.expectRequest(Command.READ);
            client.chunk(
                    read,
                    ReplyHeader.DONE,
                    ChunkType.ERROR_BIT | 77,
                    out -> out.writeInt(28).writeShort(0).writeLong(99));
            Request flush = client.expectRequest(Command.FLUSH);
            client.send(new ReplyHeader.Simple(0, flush.cookie())::encode);
            client.expectEnd();
        })) {
            try (NbdConnection connection = NbdConnection.open(server.uri(), OPTIONS)) {
                assertCode(connection.read(0, 512), NbdErrorCode.NO_SPACE);
                connection.flush().join();
            }
        }
    }

    @Test
    void simpleRepliesCarryDataOrAnError() {
        try (ScriptedServer server = ScriptedServer.playing(client -> {
            client.agree(ReplyMode.SIMPLE).go(Peer.FLAGS | TransmissionFlags.SEND_DF);
            Request one = client.expectRequest(Command.READ);
            Request two = client.expectRequest(Command.READ);
            assertThat(one.flags()).isZero();
            client.send(new ReplyHeader.Simple(5, two.cookie())::encode);
            client.send(out -> {
                new ReplyHeader.Simple(0, one.cookie()).encode(out);
                for (int i = 0; i < 40_000; i++) {
                    out.writeByte(8);
                }
            });
            client.expectEnd();
        })) {
            try (NbdConnection connection = NbdConnection.open(server.uri(), OPTIONS)) {
                CompletableFuture<ByteBuf> one = connection.read(0, 40_000);
                assertCode(connection.read(512, 512), NbdErrorCode.IO_ERROR);
                assertFilled(one.join(), 8);
            }
        }
    }

    @Test
    void doNotFragmentIsAskedForWhereItIsGranted() {
        try (ScriptedServer server = ScriptedServer.playing(client -> {
            client.agree(ReplyMode.EXTENDED).go(Peer.FLAGS | TransmissionFlags.SEND_DF);
            Request read = client.expectRequest(Command.READ);
            assertThat(read.flags()).isEqualTo(CommandFlags.DF);
            client.data(read, ReplyHeader.DONE, 0, 512, 1);
            client.expectEnd();
        })) {
            try (NbdConnection connection = NbdConnection.open(server.uri(), OPTIONS)) {
                connection.read(0, 512).join().release();
            }
        }
    }

    @Test
    void extendedWritesSayThatTheirLengthIsPayload() {
        try (ScriptedServer server = ScriptedServer.playing(client -> {
            client.agree(ReplyMode.EXTENDED).go(Peer.FLAGS);
            Request write = client.expectRequest(Command.WRITE);
            assertThat(write.flags()).isEqualTo(CommandFlags.PAYLOAD_LEN);
            assertFilled(client.receive((int) write.length()), 6);
            client.done(write);
            Request zeroes = client.expectRequest(Command.WRITE_ZEROES);
            assertThat(zeroes.flags()).isEqualTo(CommandFlags.NO_HOLE);
            assertThat(zeroes.length()).isEqualTo(Peer.SIZE);
            client.error(zeroes, ReplyHeader.DONE, 28, "full");
            client.expectEnd();
        })) {
            try (NbdConnection connection = NbdConnection.open(server.uri(), OPTIONS)) {
                byte[] sixes = new byte[4096];
                java.util.Arrays.fill(sixes, (byte) 6);
                connection.write(0, Unpooled.wrappedBuffer(sixes)).join();
                assertCode(connection.writeZeroes(0, Peer.SIZE, false), NbdErrorCode.NO_SPACE);
            }
        }
    }

    @Test
    void aSlowAnswerEndsTheConnection() {
        NbdOptions hasty = OPTIONS.withTimeouts(Duration.ofSeconds(5), Duration.ofSeconds(5), Duration.ofMillis(150));
        try (ScriptedServer server = ScriptedServer.playing(client -> {
            client.agree(ReplyMode.EXTENDED).go(Peer.FLAGS);
            Request read = client.expectRequest(Command.READ);
            client.data(read, 0, 0, 32768, 1);
            client.expectEnd();
        })) {
            try (NbdConnection connection = NbdConnection.open(server.uri(), hasty)) {
                assertCode(connection.read(0, 65536), NbdErrorCode.TIMED_OUT);
                assertCode(connection.flush(), NbdErrorCode.TIMED_OUT);
            }
        }
    }

    @Test
    void aLongAnswerThatKeepsArrivingIsNotCutOff() {
        NbdOptions hasty = OPTIONS.withRequestTimeout(Duration.ofMillis(200));
        try (ScriptedServer server = ScriptedServer.playing(client -> {
            client.agree(ReplyMode.EXTENDED).go(Peer.FLAGS);
            Request read = client.expectRequest(Command.READ);
            for (int i = 0; i < 8; i++) {
                client.data(read, 0, i * 65536L, 65536, 1);
                assertThat(client.pending()).isFalse();
            }
            client.done(read).expectEnd();
        })) {
            try (NbdConnection connection = NbdConnection.open(server.uri(), hasty)) {
                connection.read(0, 512 * 1024).join().release();
            }
        }
    }

    @Test
    void aServerThatSendsAByteNowAndThenIsGivenUp() {
        NbdOptions hasty = OPTIONS.withRequestTimeout(Duration.ofMillis(200));
        try (ScriptedServer server = ScriptedServer.playing(client -> {
            client.agree(ReplyMode.EXTENDED).go(Peer.FLAGS);
            Request read = client.expectRequest(Command.READ);
            client.header(read, ReplyHeader.DONE, ChunkType.OFFSET_DATA, 8 + 4096);
            client.send(out -> out.writeLong(0));
            while (!client.pending()) {
                client.send(out -> out.writeByte(1));
            }
            client.expectEnd();
        })) {
            try (NbdConnection connection = NbdConnection.open(server.uri(), hasty)) {
                assertThatThrownBy(() -> connection.read(0, 4096).join())
                        .cause()
                        .isInstanceOfSatisfying(
                                NbdException.class, e -> assertThat(e.code()).isEqualTo(NbdErrorCode.TIMED_OUT))
                        .hasMessageContaining("slower than 256 KiB a second");
            }
        }
    }

    @Test
    void noMoreRequestsAreSentThanMayBeInFlight() {
        try (ScriptedServer server = ScriptedServer.playing(client -> {
            client.agree(ReplyMode.EXTENDED).go(Peer.FLAGS);
            Request one = client.expectRequest(Command.FLUSH);
            Request two = client.expectRequest(Command.FLUSH);
            assertThat(client.pending()).as("a third request").isFalse();
            client.done(one);
            Request three = client.expectRequest(Command.FLUSH);
            client.done(three).done(two);
            client.expectEnd();
        })) {
            try (NbdConnection connection = NbdConnection.open(server.uri(), OPTIONS.withMaxInFlight(2))) {
                List<CompletableFuture<Void>> flushes = new ArrayList<>();
                for (int i = 0; i < 3; i++) {
                    flushes.add(connection.flush());
                }
                flushes.forEach(CompletableFuture::join);
            }
        }
    }

    @Test
    void closingFailsWhatIsInFlightAndSaysFarewell() {
        try (ScriptedServer server = ScriptedServer.playing(client -> {
            client.agree(ReplyMode.EXTENDED).go(Peer.FLAGS);
            client.expectRequest(Command.READ);
            client.expectRequest(Command.DISCONNECT);
            client.expectEnd();
        })) {
            NbdConnection connection = NbdConnection.open(server.uri(), OPTIONS);
            CompletableFuture<ByteBuf> read = connection.read(0, 512);
            connection.close();
            connection.close();
            assertCode(read, NbdErrorCode.CLOSED);
            assertCode(connection.read(0, 512), NbdErrorCode.CLOSED);
            assertCode(connection.write(0, Unpooled.buffer().writeZero(512)), NbdErrorCode.CLOSED);
        }
    }

    @Test
    void aCancelledReadGivesItsBufferBack() {
        try (ScriptedServer server = ScriptedServer.playing(client -> {
            client.agree(ReplyMode.EXTENDED).go(Peer.FLAGS);
            Request read = client.expectRequest(Command.READ);
            client.data(read, 0, 0, 32768, 1);
            Request flush = client.expectRequest(Command.FLUSH);
            client.data(read, ReplyHeader.DONE, 32768, 32768, 1).done(flush);
            client.expectEnd();
        })) {
            try (NbdConnection connection = NbdConnection.open(server.uri(), OPTIONS)) {
                CompletableFuture<ByteBuf> read = connection.read(0, 65536);
                read.cancel(false);
                connection.flush().join();
                assertThat(connection.isOpen()).isTrue();
            }
        }
    }

    @Test
    void qemusStragglersAfterAFailedBlockStatusAreThrownAway() {
        try (ScriptedServer server = ScriptedServer.playing(client -> {
            client.agree(ReplyMode.EXTENDED).grant(BASE_ALLOCATION, "x:y").go(Peer.FLAGS);
            Request status = client.expectRequest(Command.BLOCK_STATUS);
            client.error(status, ReplyHeader.DONE, 5, "");
            client.status(status, ReplyHeader.DONE, 2, Peer.SIZE, 0);
            Request flush = client.expectRequest(Command.FLUSH);
            client.done(flush);
            client.expectEnd();
        })) {
            try (NbdConnection connection =
                    NbdConnection.open(server.uri(), OPTIONS.withContexts(BASE_ALLOCATION, "x:y"))) {
                assertThatThrownBy(() -> connection.walk(0, Peer.SIZE, extent -> {}))
                        .isInstanceOfSatisfying(
                                NbdException.class, e -> assertThat(e.code()).isEqualTo(NbdErrorCode.IO_ERROR));
                connection.flush().join();
            }
        }
    }

    @Test
    void aSimpleErrorMayAnswerBlockStatusWhereChunksAreNegotiated() {
        try (ScriptedServer server = ScriptedServer.playing(client -> {
            client.agree(ReplyMode.STRUCTURED).grant(BASE_ALLOCATION).go(Peer.FLAGS);
            Request status = client.expectRequest(Command.BLOCK_STATUS);
            client.send(new ReplyHeader.Simple(5, status.cookie())::encode);
            Request flush = client.expectRequest(Command.FLUSH);
            client.send(new ReplyHeader.Simple(0, flush.cookie())::encode);
            client.expectEnd();
        })) {
            try (NbdConnection connection = NbdConnection.open(server.uri(), OPTIONS.withContexts(BASE_ALLOCATION))) {
                assertThatThrownBy(() -> connection.walk(0, Peer.SIZE, extent -> {}))
                        .isInstanceOfSatisfying(
                                NbdException.class, e -> assertThat(e.code()).isEqualTo(NbdErrorCode.IO_ERROR));
                connection.flush().join();
            }
        }
    }

    @Test
    void aWalkGoesOnWhereTheShortestContextEnded() {
        try (ScriptedServer server = ScriptedServer.playing(client -> {
            client.agree(ReplyMode.EXTENDED).grant(BASE_ALLOCATION, "x:y").go(Peer.FLAGS);
            Request one = client.expectRequest(Command.BLOCK_STATUS);
            assertThat(one.length()).isEqualTo(Peer.SIZE);
            client.status(one, 0, 2, 4096, 1).status(one, ReplyHeader.DONE, 1, Peer.SIZE * 2, 3);
            Request two = client.expectRequest(Command.BLOCK_STATUS);
            assertThat(two.offset()).isEqualTo(4096);
            client.status(two, 0, 1, Peer.SIZE, 3).status(two, ReplyHeader.DONE, 2, 4096, 1, Peer.SIZE, 0);
            client.expectEnd();
        })) {
            List<Extent> extents = new ArrayList<>();
            try (NbdConnection connection =
                    NbdConnection.open(server.uri(), OPTIONS.withContexts(BASE_ALLOCATION, "x:y"))) {
                connection.walk(0, Peer.SIZE, extents::add);
            }
            assertThat(extents)
                    .containsExactly(
                            new Extent(0, 8192, Map.of(BASE_ALLOCATION, 3L, "x:y", 1L)),
                            new Extent(8192, Peer.SIZE - 8192, Map.of(BASE_ALLOCATION, 3L, "x:y", 0L)));
        }
    }

    @Test
    void requestsOutsideTheExportNeverLeave() {
        try (ScriptedServer server = ScriptedServer.playing(
                client -> client.agree(ReplyMode.EXTENDED).go(Peer.FLAGS).expectEnd())) {
            try (NbdConnection connection = NbdConnection.open(server.uri(), OPTIONS.withMaxRequestBytes(65536))) {
                assertThatIllegalArgumentException().isThrownBy(() -> connection.read(Peer.SIZE, 1));
                assertThatIllegalArgumentException().isThrownBy(() -> connection.read(-1, 2));
                assertThatIllegalArgumentException().isThrownBy(() -> connection.read(0, 0));
                assertThatIllegalArgumentException().isThrownBy(() -> connection.read(0, 65537));
                assertThatIllegalArgumentException().isThrownBy(() -> connection.walk(1, Peer.SIZE, e -> {}));
                ByteBuf data = Unpooled.buffer().writeZero(2);
                assertThatIllegalArgumentException().isThrownBy(() -> connection.write(Peer.SIZE - 1, data));
                assertThat(data.refCnt()).isZero();
            }
        }
    }

    @Test
    void whatTheServerDoesNotOfferIsNotAskedOfIt() {
        int flags = TransmissionFlags.HAS_FLAGS;
        try (ScriptedServer server = ScriptedServer.playing(client -> {
            client.agree(ReplyMode.EXTENDED).go(flags);
            client.expectRequest(Command.DISCONNECT);
            client.expectEnd();
        })) {
            try (NbdConnection connection = NbdConnection.open(server.uri(), OPTIONS)) {
                assertThat(connection.flush()).isCompleted();
                assertThatThrownBy(() -> connection.writeZeroes(0, 512, true))
                        .isInstanceOfSatisfying(
                                NbdException.class, e -> assertThat(e.code()).isEqualTo(NbdErrorCode.UNSUPPORTED));
            }
        }
    }

    @Test
    void aReadOnlyExportIsNotWrittenTo() {
        try (ScriptedServer server = ScriptedServer.playing(client -> {
            client.agree(ReplyMode.EXTENDED).go(Peer.FLAGS | TransmissionFlags.READ_ONLY);
            client.expectRequest(Command.DISCONNECT);
            client.expectEnd();
        })) {
            try (NbdConnection connection = NbdConnection.open(server.uri(), OPTIONS)) {
                ByteBuf data = Unpooled.buffer().writeZero(512);
                assertThatThrownBy(() -> connection.write(0, data))
                        .isInstanceOfSatisfying(
                                NbdException.class,
                                e -> assertThat(e.code()).isEqualTo(NbdErrorCode.REFUSED_BY_POLICY));
                assertThat(data.refCnt()).isZero();
            }
        }
    }

    @Test
    void callbacksOfFuturesCannotBlockTheEventLoop() {
        try (ScriptedServer server = ScriptedServer.playing(client -> {
            client.agree(ReplyMode.EXTENDED).go(Peer.FLAGS);
            Request first = client.expectRequest(Command.FLUSH);
            assertThat(client.pending()).isFalse();
            client.done(first);
            client.done(client.expectRequest(Command.FLUSH));
            client.expectEnd();
        })) {
            try (NbdConnection connection = NbdConnection.open(server.uri(), OPTIONS)) {
                CompletableFuture<Void> inCallback = connection.flush().thenCompose(_ -> connection.flush());
                assertThatThrownBy(inCallback::join).hasCauseInstanceOf(IllegalStateException.class);
                connection.flush().join();
            }
        }
    }
}
