package dev.nightjar.nbd.server;

import static dev.nightjar.nbd.protocol.Command.READ;
import static dev.nightjar.nbd.protocol.Command.WRITE;
import static org.assertj.core.api.Assertions.assertThat;

import dev.nightjar.nbd.protocol.CommandFlags;
import dev.nightjar.nbd.protocol.OptionCode;
import dev.nightjar.nbd.protocol.ReplyMode;
import dev.nightjar.nbd.server.transport.NoServerLeaks;
import dev.nightjar.testkit.Await;
import java.io.IOException;
import java.net.UnixDomainSocketAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What a client may use up, and what becomes of one that uses more, or nothing at all. */
@ExtendWith(NoServerLeaks.class)
class LimitsTest {

    private static final int SIZE = 32 << 20;
    private static final Duration SOON = Duration.ofMillis(300);

    private static ScriptedClient connect(TestServer server) throws IOException {
        return ScriptedClient.connect(UnixDomainSocketAddress.of(server.socket()));
    }

    private static TestServer impatient(MemoryDisk disk) {
        return impatient(disk, SOON);
    }

    private static TestServer impatient(MemoryDisk disk, Duration stall) {
        return TestServer.with(
                options -> options.withTimeouts(SOON, stall, SOON).withMemoryBytes(64 << 20),
                TestExport.of("disk", disk));
    }

    private static ServerStatistics statistics(TestServer server) {
        return server.server().statistics();
    }

    private static void assertNothingHeld(TestServer server) {
        assertThat(Await.until(
                        Duration.ofSeconds(3),
                        () -> statistics(server).clients() == 0
                                && statistics(server).memoryBytes() == 0))
                .as("%s", statistics(server))
                .isTrue();
    }

    @Test
    void aClientThatSaysNothingIsClosedAtTheDeadline() throws IOException {
        try (TestServer server = impatient(MemoryDisk.sample(SIZE, false));
                ScriptedClient silent = connect(server)) {
            silent.expectClosed();
            assertThat(statistics(server).handshakeTimeouts()).isEqualTo(1);
        }
    }

    @Test
    void halfAnOptionDoesNotMoveTheDeadline() throws IOException {
        try (TestServer server = impatient(MemoryDisk.sample(SIZE, false));
                ScriptedClient slow = connect(server)) {
            slow.greet().optionHeader(OptionCode.GO, 4096).zeros(17).expectClosed();
            assertThat(statistics(server).handshakeTimeouts()).isEqualTo(1);
        }
    }

    @Test
    void aClientThatNeverChoosesIsClosedAtTheDeadlineToo() throws IOException {
        try (TestServer server = impatient(MemoryDisk.sample(SIZE, false));
                ScriptedClient curious = connect(server)) {
            curious.greet()
                    .option(OptionCode.LIST)
                    .expectAck()
                    .option(OptionCode.LIST)
                    .expectAck();
            curious.expectClosed();
            assertThat(statistics(server).handshakeTimeouts()).isEqualTo(1);
        }
    }

    @Test
    void theDeadlineIsForTheHandshakeOnly() throws IOException {
        try (TestServer server = impatient(MemoryDisk.sample(SIZE, false));
                ScriptedClient patient = connect(server);
                ScriptedClient silent = connect(server)) {
            patient.enter(ReplyMode.EXTENDED, "disk");
            silent.expectClosed();
            patient.expectLife();
        }
    }

    @Test
    void oneClientTooManyIsClosedAtOnceAndTheOthersAreServed() throws IOException {
        try (TestServer server = TestServer.with(
                        options -> options.withMaxClients(2), TestExport.of("disk", MemoryDisk.sample(SIZE, false)));
                ScriptedClient first = connect(server);
                ScriptedClient second = connect(server)) {
            first.enter(ReplyMode.STRUCTURED, "disk");
            second.greet();
            try (ScriptedClient third = connect(server)) {
                third.expectClosed();
            }
            assertThat(statistics(server).tooManyClients()).isEqualTo(1);
            first.expectLife();
            second.option(OptionCode.ABORT).expectAck().expectClosed();
            Await.until(Duration.ofSeconds(1), () -> statistics(server).clients() == 1);
            try (ScriptedClient fourth = connect(server)) {
                fourth.enter(ReplyMode.SIMPLE, "disk").expectLife();
            }
        }
    }

    @Test
    void aClientThatTakesNoRepliesIsClosed() throws IOException {
        try (TestServer server = impatient(MemoryDisk.sample(SIZE, false));
                ScriptedClient deaf = connect(server)) {
            deaf.enter(ReplyMode.SIMPLE, "disk");
            deaf.request(READ, 0, 0, SIZE);
            assertThat(Await.until(
                            Duration.ofSeconds(2), () -> statistics(server).stalled() == 1))
                    .isTrue();
            assertNothingHeld(server);
        }
    }

    @Test
    void aClientThatDoesNotFinishAPayloadIsClosed() throws IOException {
        try (TestServer server = impatient(new MemoryDisk(SIZE, true));
                ScriptedClient mute = connect(server)) {
            mute.enter(ReplyMode.EXTENDED, "disk")
                    .request(WRITE, CommandFlags.PAYLOAD_LEN, 0, SIZE)
                    .zeros(1000);
            mute.expectClosed();
            assertThat(statistics(server).stalled()).isEqualTo(1);
            assertNothingHeld(server);
        }
    }

    private static List<ScriptedClient> hoarders(TestServer server) throws IOException {
        List<ScriptedClient> hoarders = new ArrayList<>();
        for (int i = 0; i < 4; i++) {
            ScriptedClient hoarder = connect(server);
            hoarders.add(hoarder);
            hoarder.enter(ReplyMode.EXTENDED, "disk");
            for (int request = 0; request < 16; request++) {
                hoarder.request(READ, 0, 0, SIZE);
            }
            hoarder.request(WRITE, CommandFlags.PAYLOAD_LEN, 0, SIZE);
        }
        return hoarders;
    }

    @Test
    void whoeverHoardsMemoryDoesNotKeepSmallRequestsWaiting() throws IOException {
        try (TestServer server = impatient(MemoryDisk.sample(SIZE, true), Duration.ofSeconds(30))) {
            List<ScriptedClient> hoarders = hoarders(server);
            assertThat(Await.until(
                            Duration.ofSeconds(1), () -> statistics(server).memoryBytes() >= SIZE))
                    .isTrue();
            try (ScriptedClient modest = connect(server)) {
                modest.enter(ReplyMode.STRUCTURED, "disk").expectLife().expectLife();
                assertThat(statistics(server).memoryBytes()).isLessThanOrEqualTo(64 << 20);
            }
            for (ScriptedClient hoarder : hoarders) {
                hoarder.close();
            }
            assertNothingHeld(server);
        }
    }

    @Test
    void whoeverHoardsMemoryIsClosedAndLargeRequestsAreServedThen() throws IOException {
        try (TestServer server = impatient(MemoryDisk.sample(SIZE, true), Duration.ofMillis(50))) {
            List<ScriptedClient> hoarders = hoarders(server);
            try (ScriptedClient large = connect(server)) {
                large.enter(ReplyMode.SIMPLE, "disk").request(READ, 0, 0, SIZE);
                large.receive(16 + SIZE);
            }
            for (ScriptedClient hoarder : hoarders) {
                hoarder.close();
            }
            assertNothingHeld(server);
        }
    }

    @Test
    void noMoreRequestsAreBegunThanAllowed() throws IOException {
        GatedDisk disk = new GatedDisk(SIZE);
        try (TestServer server = TestServer.with(options -> options.withMaxInFlight(4), TestExport.of("disk", disk));
                ScriptedClient eager = connect(server)) {
            eager.enter(ReplyMode.SIMPLE, "disk");
            for (int i = 0; i < 20; i++) {
                eager.request(READ, 0, 0, 512);
            }
            assertThat(Await.until(Duration.ofSeconds(1), () -> disk.begun() == 4))
                    .isTrue();
            // A request of another client passes through the same threads, so a fifth one would have begun by then.
            try (ScriptedClient other = connect(server)) {
                other.enter(ReplyMode.SIMPLE, "disk").request(READ, 0, 0, 512);
                assertThat(Await.until(Duration.ofSeconds(1), () -> disk.begun() == 5))
                        .isTrue();
            }
            disk.open();
            eager.receive(20 * (16 + 512));
            assertThat(disk.begun()).isEqualTo(21);
        }
    }

    @ParameterizedTest
    @CsvSource({"option, 20", "request, 13", "payload, 5000"})
    void aClientThatVanishesInTheMiddleLeavesNothing(String middle, int bytes) throws IOException {
        try (TestServer server = TestServer.serving(TestExport.of("disk", MemoryDisk.sample(SIZE, true)))) {
            try (ScriptedClient vanishing = connect(server)) {
                switch (middle) {
                    case "option" ->
                        vanishing.greet().optionHeader(OptionCode.GO, 4096).zeros(bytes);
                    case "request" ->
                        vanishing.enter(ReplyMode.EXTENDED, "disk").zeros(bytes);
                    default ->
                        vanishing
                                .enter(ReplyMode.EXTENDED, "disk")
                                .request(WRITE, CommandFlags.PAYLOAD_LEN, 0, 1 << 20)
                                .zeros(bytes);
                }
            }
            assertNothingHeld(server);
        }
    }

    @Test
    void aClientThatVanishesBeforeItsRepliesLeavesNothing() throws IOException {
        MemoryDisk disk = MemoryDisk.sample(SIZE, false);
        TestExport export = TestExport.of("disk", disk);
        try (TestServer server = TestServer.serving(export)) {
            try (ScriptedClient vanishing = connect(server)) {
                vanishing.enter(ReplyMode.STRUCTURED, "disk");
                for (int i = 0; i < 100; i++) {
                    vanishing.request(READ, 0, 0, 1 << 20);
                }
            }
            assertNothingHeld(server);
            assertThat(Await.until(Duration.ofSeconds(1), disk::closed)).isTrue();
        }
    }

    @Test
    void aDiskIsOpenedByGoAndClosedByTheLastClient() throws IOException {
        MemoryDisk disk = MemoryDisk.sample(SIZE, false);
        TestExport export = TestExport.of("disk", disk);
        try (TestServer server = TestServer.serving(export)) {
            try (ScriptedClient second = connect(server)) {
                try (ScriptedClient first = connect(server)) {
                    first.greet()
                            .agree(ReplyMode.EXTENDED)
                            .option(OptionCode.LIST)
                            .expectAck();
                    first.setContexts("disk", "base:allocation").expectAck();
                    assertThat(export.opened()).isZero();
                    first.go("disk").expectAck();
                    second.enter(ReplyMode.SIMPLE, "disk");
                    assertThat(export.opened()).as("shared").isEqualTo(1);
                }
                second.expectLife();
                assertThat(disk.closed()).isFalse();
            }
            assertThat(Await.until(Duration.ofSeconds(1), disk::closed)).isTrue();
        }
    }
}
