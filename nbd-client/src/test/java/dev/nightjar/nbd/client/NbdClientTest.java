package dev.nightjar.nbd.client;

import static dev.nightjar.nbd.client.NbdOptions.BASE_ALLOCATION;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.nightjar.nbd.client.ScriptedServer.Script;
import dev.nightjar.nbd.client.extent.Extent;
import dev.nightjar.nbd.client.transport.NoLeaks;
import dev.nightjar.nbd.protocol.BlockSizes;
import dev.nightjar.nbd.protocol.Command;
import dev.nightjar.nbd.protocol.CommandFlags;
import dev.nightjar.nbd.protocol.Errno;
import dev.nightjar.nbd.protocol.ReplyHeader;
import dev.nightjar.nbd.protocol.ReplyMode;
import dev.nightjar.nbd.protocol.Request;
import dev.nightjar.nbd.protocol.TransmissionFlags;
import dev.nightjar.testkit.Await;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** Several connections, lost connections and odd ranges, as transcripts. */
@ExtendWith(NoLeaks.class)
class NbdClientTest {

    private static final NbdOptions OPTIONS = NbdOptions.defaults().withOptionalContexts();
    private static final int ONE_CONNECTION = Peer.FLAGS & ~TransmissionFlags.CAN_MULTI_CONN;

    private static NbdOptions reconnecting(int attempts, BooleanSupplier sameView) {
        return OPTIONS.withReconnect(new Reconnect(attempts, Duration.ofMillis(1), Duration.ofMillis(5), sameView));
    }

    private static void answer(Peer client, Request read) throws java.io.IOException {
        client.data(read, ReplyHeader.DONE, read.offset(), (int) read.length(), (int) (read.offset() >> 12));
    }

    private static void assertFailsWith(NbdErrorCode code, CompletableFuture<ByteBuf> read) {
        assertThatThrownBy(() -> read.join().release())
                .isInstanceOf(CompletionException.class)
                .cause()
                .isInstanceOfSatisfying(
                        NbdException.class, e -> assertThat(e.code()).isEqualTo(code));
    }

    @Test
    void aSecondConnectionIsOpenedWhenTheFirstIsBusyAndTakesWhatComesNext() {
        CompletableFuture<@Nullable Void> second = new CompletableFuture<>();
        try (ScriptedServer server = ScriptedServer.playing(
                client -> {
                    client.agree(ReplyMode.EXTENDED).go(Peer.FLAGS);
                    List<Request> reads = new ArrayList<>();
                    for (int i = 0; i < 5; i++) {
                        reads.add(client.expectRequest(Command.READ));
                    }
                    second.join();
                    for (Request read : reads) {
                        answer(client, read);
                    }
                    client.expectRequest(Command.DISCONNECT);
                },
                client -> {
                    client.agree(ReplyMode.EXTENDED).go(Peer.FLAGS);
                    answer(client, client.expectRequest(Command.READ));
                    second.complete(null);
                    client.expectRequest(Command.DISCONNECT);
                })) {
            try (NbdClient client = NbdClient.open(server.uri(), OPTIONS.withMaxConnections(2))) {
                List<CompletableFuture<ByteBuf>> reads = new ArrayList<>();
                for (int i = 0; i < 5; i++) {
                    reads.add(client.read(i * 4096L, 4096));
                }
                assertThat(Await.until(Duration.ofSeconds(5), () -> client.connections() == 2))
                        .isTrue();
                reads.add(client.read(9 * 4096, 4096));
                reads.forEach(read -> read.join().release());
            }
        }
    }

    @Test
    void whereConnectionsDoNotSeeTheSameThereIsOnlyOne() {
        try (ScriptedServer server = ScriptedServer.playing(client -> {
            client.agree(ReplyMode.EXTENDED).go(ONE_CONNECTION);
            for (int i = 0; i < 10; i++) {
                client.expectRequest(Command.READ);
            }
            client.expectRequest(Command.DISCONNECT);
        })) {
            try (NbdClient client = NbdClient.open(server.uri(), OPTIONS)) {
                for (int i = 0; i < 10; i++) {
                    var _ = client.read(i, 1);
                }
                assertThat(client.connections()).isEqualTo(1);
            }
        }
    }

    @Test
    void aSecondConnectionThatFindsAnotherExportIsLeftAlone() {
        try (ScriptedServer server = ScriptedServer.playing(
                client -> {
                    client.agree(ReplyMode.EXTENDED).go(Peer.FLAGS);
                    List<Request> reads = new ArrayList<>();
                    for (int i = 0; i < 5; i++) {
                        reads.add(client.expectRequest(Command.READ));
                    }
                    for (Request read : reads) {
                        answer(client, read);
                    }
                    answer(client, client.expectRequest(Command.READ));
                    client.expectRequest(Command.DISCONNECT);
                },
                client -> {
                    client.agree(ReplyMode.EXTENDED).go(Peer.SIZE * 2, Peer.FLAGS, new BlockSizes(1, 4096, 32 << 20));
                    client.expectRequest(Command.DISCONNECT);
                    client.expectEnd();
                })) {
            try (NbdClient client = NbdClient.open(server.uri(), OPTIONS)) {
                List<CompletableFuture<ByteBuf>> reads = new ArrayList<>();
                for (int i = 0; i < 5; i++) {
                    reads.add(client.read(i * 4096L, 4096));
                }
                reads.forEach(read -> read.join().release());
                client.read(0, 4096).join().release();
                assertThat(client.connections()).isEqualTo(1);
            }
        }
    }

    @Test
    void aReadWhoseConnectionIsLostIsSentAgainWhileTheViewStands() {
        Script losing = client -> {
            client.agree(ReplyMode.EXTENDED).go(Peer.FLAGS);
            client.data(client.expectRequest(Command.READ), 0, 4096, 100, 7);
        };
        try (ScriptedServer server = ScriptedServer.playing(losing, losing, client -> {
            client.agree(ReplyMode.EXTENDED).go(Peer.FLAGS);
            Request read = client.expectRequest(Command.READ);
            assertThat(read.offset()).isEqualTo(4096);
            answer(client, read);
            client.expectRequest(Command.DISCONNECT);
        })) {
            try (NbdClient client = NbdClient.open(server.uri(), reconnecting(3, () -> true))) {
                ByteBuf bytes = client.read(4096, 4096).join();
                assertThat(bytes.getByte(0)).isEqualTo((byte) 1);
                bytes.release();
            }
        }
    }

    @Test
    void aReadThatCostsEveryConnectionIsGivenUpAfterTheAttempts() {
        Script losing = client -> {
            client.agree(ReplyMode.EXTENDED).go(Peer.FLAGS);
            client.expectRequest(Command.READ);
        };
        try (ScriptedServer server = ScriptedServer.playing(losing, losing, losing);
                NbdClient client = NbdClient.open(server.uri(), reconnecting(2, () -> true))) {
            assertFailsWith(NbdErrorCode.CLOSED, client.read(0, 512));
        }
    }

    @Test
    void withoutLeaveNothingIsOpenedAgain() {
        AtomicInteger asked = new AtomicInteger();
        for (NbdOptions options : List.of(OPTIONS, reconnecting(3, () -> asked.incrementAndGet() < 0))) {
            try (ScriptedServer server = ScriptedServer.playing(client -> {
                        client.agree(ReplyMode.EXTENDED).go(Peer.FLAGS);
                        client.expectRequest(Command.READ);
                    });
                    NbdClient client = NbdClient.open(server.uri(), options)) {
                assertFailsWith(NbdErrorCode.CLOSED, client.read(0, 512));
                assertFailsWith(NbdErrorCode.CLOSED, client.read(0, 512));
                assertThatThrownBy(() -> client.walk(0, 512, extent -> {}))
                        .isInstanceOfSatisfying(
                                NbdException.class, e -> assertThat(e.code()).isEqualTo(NbdErrorCode.CLOSED));
            }
        }
        assertThat(asked).as("the view was asked for").hasPositiveValue();
    }

    @Test
    void afterAWriteThereIsNoComingBackBecauseTheServerMayHaveForgottenIt() {
        try (ScriptedServer server = ScriptedServer.playing(client -> {
                    client.agree(ReplyMode.EXTENDED).go(Peer.FLAGS);
                    Request write = client.expectRequest(Command.WRITE);
                    client.receive(512);
                    client.done(write).expectRequest(Command.READ);
                });
                NbdClient client = NbdClient.open(server.uri(), reconnecting(5, () -> true))) {
            client.write(0, Unpooled.buffer().writeZero(512)).join();
            assertFailsWith(NbdErrorCode.CLOSED, client.read(0, 512));
            assertThatThrownBy(client::flush)
                    .isInstanceOfSatisfying(
                            NbdException.class, e -> assertThat(e.code()).isEqualTo(NbdErrorCode.CLOSED));
        }
    }

    @Test
    void anotherExportUnderTheSameNameIsNotReadOn() {
        try (ScriptedServer server = ScriptedServer.playing(
                        client -> {
                            client.agree(ReplyMode.EXTENDED).go(Peer.FLAGS);
                            client.expectRequest(Command.READ);
                        },
                        client -> {
                            client.agree(ReplyMode.EXTENDED)
                                    .go(Peer.SIZE + 512, Peer.FLAGS, new BlockSizes(1, 4096, 32 << 20));
                            client.expectEnd();
                        });
                NbdClient client = NbdClient.open(server.uri(), reconnecting(5, () -> true))) {
            assertFailsWith(NbdErrorCode.EXPORT_CHANGED, client.read(0, 512));
            assertFailsWith(NbdErrorCode.EXPORT_CHANGED, client.read(0, 512));
        }
    }

    @Test
    void afterAViolationThereIsNoComingBack() {
        try (ScriptedServer server = ScriptedServer.playing(client -> {
                    client.agree(ReplyMode.EXTENDED).go(Peer.FLAGS);
                    client.expectRequest(Command.READ);
                    client.send(out -> out.writeZero(32)).expectEnd();
                });
                NbdClient client = NbdClient.open(server.uri(), reconnecting(5, () -> true))) {
            assertFailsWith(NbdErrorCode.PROTOCOL_VIOLATION, client.read(0, 512));
            assertFailsWith(NbdErrorCode.PROTOCOL_VIOLATION, client.read(0, 512));
        }
    }

    @Test
    void aReadThatTheServerFindsTooLongComesInHalvesAndLaterOnesAreShorterFromTheStart() {
        int flags = ONE_CONNECTION | TransmissionFlags.SEND_DF;
        try (ScriptedServer server = ScriptedServer.playing(client -> {
            client.agree(ReplyMode.EXTENDED).go(flags);
            Request whole = client.expectRequest(Command.READ);
            assertThat(whole.flags()).isEqualTo(CommandFlags.DF);
            client.error(whole, ReplyHeader.DONE, Errno.EOVERFLOW.number(), "too many extents");
            for (int i = 0; i < 4; i++) {
                Request half = client.expectRequest(Command.READ);
                assertThat(half.length()).isEqualTo(32768);
                answer(client, half);
            }
            client.expectRequest(Command.DISCONNECT);
        })) {
            try (NbdClient client = NbdClient.open(server.uri(), OPTIONS)) {
                for (int i = 0; i < 2; i++) {
                    ByteBuf bytes = client.read(0, 65536).join();
                    assertThat(bytes.readableBytes()).isEqualTo(65536);
                    assertThat(bytes.getByte(0)).isZero();
                    assertThat(bytes.getByte(65535)).isEqualTo((byte) 8);
                    bytes.release();
                }
            }
        }
    }

    @Test
    void aRefusalOfAShortReadIsItsFailure() {
        try (ScriptedServer server = ScriptedServer.playing(client -> {
                    client.agree(ReplyMode.EXTENDED).go(ONE_CONNECTION);
                    client.error(client.expectRequest(Command.READ), ReplyHeader.DONE, Errno.EINVAL.number(), "no");
                    client.expectRequest(Command.DISCONNECT);
                });
                NbdClient client = NbdClient.open(server.uri(), OPTIONS)) {
            assertFailsWith(NbdErrorCode.UNSUPPORTED, client.read(0, 512));
        }
    }

    @Test
    void anyRangeIsReadWhateverTheBlocksOfTheServer() {
        long size = 3 * 4096 + 512;
        try (ScriptedServer server = ScriptedServer.playing(client -> {
            client.agree(ReplyMode.EXTENDED).go(size, ONE_CONNECTION, new BlockSizes(512, 4096, 8192));
            for (List<Long> expected :
                    List.of(List.of(512L, 512L), List.of(4096L, 8192L), List.of(12288L, 512L), List.of(0L, 8192L))) {
                Request read = client.expectRequest(Command.READ);
                assertThat(List.of(read.offset(), read.length())).isEqualTo(expected);
                answer(client, read);
            }
            Request rest = client.expectRequest(Command.READ);
            assertThat(List.of(rest.offset(), rest.length())).isEqualTo(List.of(8192L, 4608L));
            answer(client, rest);
            client.expectRequest(Command.DISCONNECT);
        })) {
            try (NbdClient client = NbdClient.open(server.uri(), OPTIONS)) {
                assertLength(client.read(1000, 1), 1);
                assertLength(client.read(4097, 8000), 8000);
                assertLength(client.read(12799, 1), 1);
                assertLength(client.read(0, (int) size), (int) size);
                assertThatIllegalArgumentException().isThrownBy(() -> client.read(size - 1, 2));
                assertThatIllegalArgumentException().isThrownBy(() -> client.read(-1, 2));
            }
        }
    }

    private static void assertLength(CompletableFuture<ByteBuf> read, int length) {
        ByteBuf bytes = read.join();
        assertThat(bytes.readableBytes()).isEqualTo(length);
        bytes.release();
    }

    @Test
    void noMoreBytesAreUnderWayThanTheBudgetAllows() {
        Capacity capacity = new Capacity(1, 16, 32 << 20, 65536);
        try (ScriptedServer server = ScriptedServer.playing(client -> {
            client.agree(ReplyMode.EXTENDED).go(Peer.FLAGS);
            Request one = client.expectRequest(Command.READ);
            Request two = client.expectRequest(Command.READ);
            assertThat(client.pending()).as("a third request").isFalse();
            answer(client, one);
            Request three = client.expectRequest(Command.READ);
            answer(client, three);
            answer(client, two);
            client.expectRequest(Command.DISCONNECT);
        })) {
            try (NbdClient client = NbdClient.open(server.uri(), OPTIONS.withCapacity(capacity))) {
                List<CompletableFuture<ByteBuf>> reads = new ArrayList<>();
                for (int i = 0; i < 3; i++) {
                    reads.add(client.read(i * 32768L, 32768));
                }
                reads.forEach(read -> read.join().release());
            }
        }
    }

    @Test
    void aWalkOverSomeContextsAsksForThoseOnlyWhereTheServerCanLeaveOutTheOthers() {
        try (ScriptedServer server = ScriptedServer.playing(client -> {
            client.agree(ReplyMode.EXTENDED)
                    .grant(BASE_ALLOCATION, "x:y")
                    .go(Peer.FLAGS | TransmissionFlags.BLOCK_STATUS_PAYLOAD);
            Request some = client.expectRequest(Command.BLOCK_STATUS);
            assertThat(some.flags()).isEqualTo(CommandFlags.PAYLOAD_LEN);
            assertThat(some.length()).isEqualTo(12);
            ByteBuf filter = client.receive(12);
            assertThat(filter.readLong()).isEqualTo(Peer.SIZE);
            assertThat(filter.readInt()).isEqualTo(2);
            client.status(some, ReplyHeader.DONE, 2, Peer.SIZE, 1);
            Request all = client.expectRequest(Command.BLOCK_STATUS);
            assertThat(all.flags()).isZero();
            client.status(all, 0, 1, Peer.SIZE, 3).status(all, ReplyHeader.DONE, 2, Peer.SIZE, 1);
            client.expectRequest(Command.DISCONNECT);
        })) {
            try (NbdClient client = NbdClient.open(server.uri(), OPTIONS.withContexts(BASE_ALLOCATION, "x:y"))) {
                List<Extent> extents = new ArrayList<>();
                client.walk(0, Peer.SIZE, List.of("x:y"), extents::add);
                assertThat(extents).containsExactly(new Extent(0, Peer.SIZE, Map.of("x:y", 1L)));
                client.walk(0, Peer.SIZE, extents::add);
                assertThat(extents.getLast().status()).isEqualTo(Map.of(BASE_ALLOCATION, 3L, "x:y", 1L));
                assertThatIllegalArgumentException()
                        .isThrownBy(() -> client.walk(0, Peer.SIZE, List.of("not:granted"), extents::add));
            }
        }
    }

    @Test
    void aWalkOverSomeContextsLeavesOutTheOthersWhereTheServerCannot() {
        try (ScriptedServer server = ScriptedServer.playing(client -> {
            client.agree(ReplyMode.EXTENDED).grant(BASE_ALLOCATION, "x:y").go(Peer.FLAGS);
            Request all = client.expectRequest(Command.BLOCK_STATUS);
            assertThat(all.flags()).isZero();
            client.status(all, 0, 1, 512, 3, 512, 0).status(all, ReplyHeader.DONE, 2, Peer.SIZE, 1);
            client.expectRequest(Command.DISCONNECT);
        })) {
            try (NbdClient client = NbdClient.open(server.uri(), OPTIONS.withContexts(BASE_ALLOCATION, "x:y"))) {
                List<Extent> extents = new ArrayList<>();
                client.walk(0, Peer.SIZE, List.of("x:y"), extents::add);
                assertThat(extents).containsExactly(new Extent(0, Peer.SIZE, Map.of("x:y", 1L)));
            }
        }
    }

    @Test
    void oneExtentIsAskedForByItsFlag() {
        try (ScriptedServer server = ScriptedServer.playing(client -> {
            client.agree(ReplyMode.EXTENDED).grant(BASE_ALLOCATION, "x:y").go(Peer.FLAGS);
            Request one = client.expectRequest(Command.BLOCK_STATUS);
            assertThat(one.flags()).isEqualTo(CommandFlags.REQ_ONE);
            client.status(one, 0, 1, 4096, 3).status(one, ReplyHeader.DONE, 2, 512, 1);
            client.expectRequest(Command.DISCONNECT);
        })) {
            try (NbdClient client = NbdClient.open(server.uri(), OPTIONS.withContexts(BASE_ALLOCATION, "x:y"))) {
                assertThat(client.extentAt(512, 4096))
                        .isEqualTo(new Extent(512, 512, Map.of(BASE_ALLOCATION, 3L, "x:y", 1L)));
            }
        }
    }

    @Test
    void aWalkGoesOnOverANewConnectionWhoseContextsHaveOtherIds() {
        try (ScriptedServer server = ScriptedServer.playing(
                client -> {
                    client.agree(ReplyMode.EXTENDED)
                            .grant(BASE_ALLOCATION, "x:y")
                            .go(Peer.FLAGS);
                    Request ask = client.expectRequest(Command.BLOCK_STATUS);
                    client.status(ask, 0, 1, 512, 3).status(ask, ReplyHeader.DONE, 2, 512, 1);
                    client.expectRequest(Command.BLOCK_STATUS);
                },
                client -> {
                    client.agree(ReplyMode.EXTENDED)
                            .grant("x:y", BASE_ALLOCATION)
                            .go(Peer.FLAGS);
                    Request ask = client.expectRequest(Command.BLOCK_STATUS);
                    assertThat(ask.offset()).isEqualTo(512);
                    client.status(ask, 0, 2, Peer.SIZE, 0).status(ask, ReplyHeader.DONE, 1, Peer.SIZE, 1);
                    client.expectRequest(Command.DISCONNECT);
                })) {
            NbdOptions options = reconnecting(2, () -> true).withContexts(BASE_ALLOCATION, "x:y");
            try (NbdClient client = NbdClient.open(server.uri(), options)) {
                List<Extent> extents = new ArrayList<>();
                client.walk(0, Peer.SIZE, extents::add);
                assertThat(extents)
                        .containsExactly(
                                new Extent(0, 512, Map.of(BASE_ALLOCATION, 3L, "x:y", 1L)),
                                new Extent(512, Peer.SIZE - 512, Map.of(BASE_ALLOCATION, 0L, "x:y", 1L)));
            }
        }
    }

    @Test
    void pausesGrowUpToTheirLimitAndNeverComeInStep() {
        Reconnect how = new Reconnect(9, Duration.ofMillis(100), Duration.ofSeconds(1), () -> true);
        Backoff backoff = new Backoff(how, new java.util.Random(7));
        assertThat(backoff.pauseNanos(0)).isZero();
        assertThat(backoff.pauseNanos(1)).isBetween(50_000_000L, 100_000_000L);
        assertThat(backoff.pauseNanos(3)).isBetween(200_000_000L, 400_000_000L);
        assertThat(backoff.pauseNanos(60)).isBetween(500_000_000L, 1_000_000_000L);
        assertThat(backoff.pauseNanos(60)).isNotEqualTo(backoff.pauseNanos(60));
    }
}
